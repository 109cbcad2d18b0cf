/** Options with their defaults, and the objects that all connections of one `createRedisCluster` share. */
import type { ConnectionOptions } from 'node:tls'
import { type Clock, systemClock } from '@skein/core'
import type { Redis } from 'ioredis'
import {
  type Bounds,
  DEFAULT_BOUNDS,
  DEFAULT_TIMING,
  type RedisClusterOptions,
  type Timing,
} from '../options.ts'
import { withScripts } from '../scripts.ts'
import { FormerPrimaries } from './former-primaries.ts'
import { parseRedisUrl, type RedisUrl } from './url.ts'

export interface Settings {
  readonly url: RedisUrl
  readonly prefix: string
  readonly name: string
  readonly clock: Clock
  readonly tls: ConnectionOptions | undefined
  readonly timing: Timing
  readonly bounds: Bounds
  readonly formerPrimaries: FormerPrimaries
  /** Adds its scripts to a connection. `sharded`: the connection is to a server of a Redis Cluster. */
  readonly define: (redis: Redis, sharded: boolean) => void
  readonly report: (error: unknown, where: string) => void
}

/** Throws for an invalid URL. */
export function resolveSettings(
  options: RedisClusterOptions,
  define: Settings['define'] = withScripts,
): Settings {
  const { onError, clock = systemClock } = options
  return {
    url: parseRedisUrl(options.url),
    prefix: options.prefix ?? 'skein',
    name: options.name,
    clock,
    tls: options.tls,
    timing: { ...DEFAULT_TIMING, ...options.timing },
    bounds: { ...DEFAULT_BOUNDS, ...options.bounds },
    formerPrimaries: new FormerPrimaries(clock),
    define,
    report: (error, where) => onError?.(error instanceof Error ? error : new Error(String(error)), where),
  }
}
