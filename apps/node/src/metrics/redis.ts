/** Counters of the Redis ports. */
import type { RedisCounters } from '@skein/redis'
import type { Registry } from 'prom-client'
import { gauge, total } from './readings.ts'

export function showRedis(registry: Registry, redis: () => RedisCounters): void {
  gauge(registry, 'skein_redis_pending', 'Calls that wait for Redis.', () => redis().pending)
  gauge(
    registry,
    'skein_redis_unsettled',
    'Removals that failed or timed out and will be retried.',
    () => redis().pendingRemovals,
  )
  total(
    registry,
    'skein_redis_damaged_total',
    'Bus messages that could not be decoded.',
    () => redis().damaged,
  )
  total(
    registry,
    'skein_redis_reaped_total',
    'Dead incarnations that this node has reaped.',
    () => redis().reaped,
  )
}
