/** What a caller of `createRedisCluster` may set, with defaults and their reasons. */
import type { ConnectionOptions } from 'node:tls'
import type { Clock } from '@skein/core'
import type { Redis } from 'ioredis'
import { realClock } from './clock.ts'
import { withScripts } from './scripts.ts'
import { FormerPrimaries } from './server/former-primaries.ts'
import { type Place, placeOf } from './server/url.ts'

export interface RedisClusterOptions {
  /** One server, Sentinels or a Cluster, as `place.ts` spells it. Redis 7.0 or newer, or Valkey. */
  readonly url: string
  /** What precedes every key and bus channel. Clusters that share a Redis differ in it. Default `skein`. */
  readonly prefix?: string
  /** This node's name, as `CLIENT LIST` shows it. */
  readonly name: string
  readonly clock?: Clock
  /** Where the URL begins with `rediss`: certificate authority and the like. */
  readonly tls?: ConnectionOptions
  readonly timing?: Partial<Timing>
  readonly bounds?: Partial<Bounds>
  /** Use of private parts of ioredis and Node for speed (`ioredis-internals/`). Default true. */
  readonly fastPaths?: boolean
  /** Receives errors that no caller gets: lost connections, damaged messages, failures of background work. */
  readonly onError?: (error: Error, where: string) => void
}

/** All in ms. */
export interface Timing {
  /** A command without reply after this is given up; whether it was done is unknown then. */
  readonly command: number
  /** One attempt to connect; and how long calls wait for the very first connection. */
  readonly connect: number
  /** A dead node is known as such after at most this and one renewal: readers see the truth within 5 s. */
  readonly lease: number
  readonly renewal: number
  /** How long a lease must have run out before the incarnation is over: room for a node that was only slow. */
  readonly grace: number
  /** A Pub/Sub connection silent for this long is tried. */
  readonly silence: number
  /** What a trial of the Pub/Sub path may take. */
  readonly probe: number
  /** How long a publish may wait for a replica. Less than `command`. */
  readonly replication: number
}

export interface Bounds {
  /** Commands without reply; beyond it calls are refused. */
  readonly pending: number
  /** Removals whose outcome is unknown, to be repeated; beyond it the incarnation is given up. */
  readonly unsettled: number
}

const TIMING: Timing = {
  command: 1500,
  connect: 2000,
  lease: 3000,
  renewal: 1000,
  grace: 1000,
  silence: 3000,
  probe: 1500,
  replication: 1000,
}

const BOUNDS: Bounds = { pending: 20_000, unsettled: 200_000 }

export interface Settings {
  readonly place: Place
  readonly prefix: string
  readonly name: string
  readonly clock: Clock
  readonly tls: ConnectionOptions | undefined
  readonly timing: Timing
  readonly bounds: Bounds
  readonly former: FormerPrimaries
  readonly fastPaths: boolean
  /** Gives a connection the scripts that are called on it. */
  readonly define: (redis: Redis, sharded: boolean) => void
  readonly report: (error: unknown, where: string) => void
}

/** Throws for a URL that is none. */
export function settle(options: RedisClusterOptions, define: Settings['define'] = withScripts): Settings {
  const { onError } = options
  return {
    place: placeOf(options.url),
    prefix: options.prefix ?? 'skein',
    name: options.name,
    clock: options.clock ?? realClock,
    tls: options.tls,
    timing: { ...TIMING, ...options.timing },
    bounds: { ...BOUNDS, ...options.bounds },
    former: new FormerPrimaries(options.clock ?? realClock),
    fastPaths: options.fastPaths ?? true,
    define,
    report: (error, where) => onError?.(error instanceof Error ? error : new Error(String(error)), where),
  }
}
