/**
 * The input of `doctor`. `collect.ts` collects the facts; each `judge-*.ts` judges some and is tested alone.
 */
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
  /** Limit of open files per process; `undefined` if the system does not report it. */
  readonly openFiles: number | undefined
  readonly docker: boolean
  /** Endpoint of the running local cluster. */
  readonly localCluster: string | undefined
}

export interface ConfigFacts {
  /** Empty if a node would start. */
  readonly problems: readonly Problem[]
  /** Any SKEIN_* variable is set. Otherwise the production rules would judge an empty environment. */
  readonly any: boolean
  readonly production: boolean
  readonly knownSecret: boolean
  readonly apiKey: boolean
  readonly allowAnonymous: boolean
  readonly anyOrigin: boolean
  /** The internal listener is bound to every address. */
  readonly internalOpen: boolean
  /** Namespaces with `durability: replicated`. */
  readonly replicated: readonly string[]
  /** SKEIN_REBALANCE is on. */
  readonly rebalance: boolean
  /** Placement policy of nginx, as in `SKEIN_NGINX_POLICY`. */
  readonly policy: string
}

export type RedisFacts =
  /** No Redis is configured or running. `binary`: redis-server is installed. */
  | { readonly kind: 'none'; readonly binary: boolean }
  | { readonly kind: 'unreachable'; readonly url: string; readonly reason: string }
  | {
      readonly kind: 'reached'
      readonly url: string
      readonly version: string
      /** `undefined` if CONFIG is not permitted, as on many managed services. */
      readonly maxmemoryPolicy: string | undefined
      readonly maxmemory: number | undefined
      readonly appendonly: boolean | undefined
      readonly save: boolean | undefined
      /** Output bytes at which Redis closes a slow Pub/Sub connection; 0 disables the limit. */
      readonly pubsubHardLimit: number | undefined
      readonly password: boolean
      /** Replicas of the primary; `undefined` if the server is not a primary. */
      readonly replicas: number | undefined
    }

export type NginxFacts =
  | { readonly kind: 'none' }
  /** `problem`: the error of `nginx -t` for the configuration of `skein up`. */
  | { readonly kind: 'found'; readonly version: string; readonly problem: string | undefined }
