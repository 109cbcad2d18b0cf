/** What `doctor` judges. Collected in `collect.ts`, judged in `judge-*.ts`, so that every judgement can be tested alone. */
import type { Problem } from '@skein/node'

export interface Facts {
  readonly machine: MachineFacts
  readonly config: ConfigFacts
  readonly redis: RedisFacts
  readonly nginx: NginxFacts
}

export interface MachineFacts {
  /** `v24.1.0`. */
  readonly nodeVersion: string
  /** Open files that a process may have; `undefined` where the system does not say. */
  readonly openFiles: number | undefined
  readonly docker: boolean
  /** The endpoint of the local cluster that runs. */
  readonly localCluster: string | undefined
}

export interface ConfigFacts {
  /** Empty: a node would start. */
  readonly problems: readonly Problem[]
  /** Whether SKEIN_* variables are set at all: without any, production rules would judge an empty environment. */
  readonly any: boolean
  readonly production: boolean
  readonly knownSecret: boolean
  readonly apiKey: boolean
  readonly allowAnonymous: boolean
  readonly anyOrigin: boolean
  /** The internal listener answers on every address. */
  readonly internalOpen: boolean
  /** Namespaces whose publishes wait for a replica. */
  readonly replicated: readonly string[]
  /** Nodes give their surplus of connections away. */
  readonly rebalance: boolean
  /** How nginx places connections, as `SKEIN_NGINX_POLICY` says it. */
  readonly policy: string
}

export type RedisFacts =
  /** No Redis is configured or running. `binary`: one could be started. */
  | { readonly kind: 'none'; readonly binary: boolean }
  | { readonly kind: 'unreachable'; readonly url: string; readonly reason: string }
  | {
      readonly kind: 'reached'
      readonly url: string
      readonly version: string
      /** `undefined`: CONFIG is not permitted, as with many hosted ones. */
      readonly maxmemoryPolicy: string | undefined
      readonly maxmemory: number | undefined
      readonly appendonly: boolean | undefined
      readonly save: boolean | undefined
      /** Bytes at which Redis cuts a slow Pub/Sub connection; 0: never. */
      readonly pubsubHardLimit: number | undefined
      readonly password: boolean
      /** That follow the primary; `undefined` where the server that was asked is none. */
      readonly replicas: number | undefined
    }

export type NginxFacts =
  | { readonly kind: 'none' }
  /** `problem`: what `nginx -t` says about the configuration that `skein up` makes. */
  | { readonly kind: 'found'; readonly version: string; readonly problem: string | undefined }
