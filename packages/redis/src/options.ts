/** Options of `createRedisCluster`, with defaults and their reasons. */
import type { ConnectionOptions } from 'node:tls'
import type { Clock } from '@skein/core'

export interface RedisClusterOptions {
  /** One server, Sentinels or a Cluster, in the forms of `server/url.ts`. Redis 7.0 or newer, or Valkey. */
  readonly url: string
  /**
   * Prefix of every key and bus channel. Clusters that share a Redis need different prefixes. Default
   * `skein`.
   */
  readonly prefix?: string
  /** Name of this node in `CLIENT LIST`. */
  readonly name: string
  /** Default: the system clock. */
  readonly clock?: Clock
  /** TLS options of a `rediss` URL, such as the certificate authority. */
  readonly tls?: ConnectionOptions
  readonly timing?: Partial<Timing>
  readonly bounds?: Partial<Bounds>
  /** Receives errors that no caller gets: lost connections, damaged messages, failures of background work. */
  readonly onError?: (error: Error, where: string) => void
}

/** All in ms. */
export interface Timing {
  /** Maximum wait for a reply. After it, the outcome of the command is unknown. */
  readonly command: number
  /** Maximum duration of a connection attempt, and maximum wait of calls for the first connection. */
  readonly connect: number
  /** Duration of a lease. Readers notice a dead node within one lease and one renewal: within 5 s. */
  readonly lease: number
  /** Interval between renewals of the lease. */
  readonly renewal: number
  /** Time between the end of a lease and the end of its incarnation: margin for a slow node. */
  readonly grace: number
  /** A Pub/Sub connection without messages for this long is probed. */
  readonly silence: number
  /** Maximum duration of a probe of the Pub/Sub path. */
  readonly probe: number
  /** Maximum wait of a publish for a replica. Less than `command`. */
  readonly replication: number
}

export interface Bounds {
  /** Maximum number of commands without reply. Further calls are rejected. */
  readonly pending: number
  /** Maximum number of pending removals. Beyond it the node ends its incarnation. */
  readonly pendingRemovals: number
}

export const DEFAULT_TIMING: Timing = {
  command: 1500,
  connect: 2000,
  lease: 3000,
  renewal: 1000,
  grace: 1000,
  silence: 3000,
  probe: 1500,
  replication: 1000,
}

export const DEFAULT_BOUNDS: Bounds = { pending: 20_000, pendingRemovals: 200_000 }
