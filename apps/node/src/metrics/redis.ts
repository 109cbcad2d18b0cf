/** What the Redis ports keep of their own doing. */
import type { RedisCounters } from '@skein/redis'
import type { Registry } from 'prom-client'
import { gauge, total } from './readings.ts'

export function showRedis(registry: Registry, redis: () => RedisCounters): void {
  gauge(registry, 'skein_redis_pending', 'Calls waiting for Redis.', () => redis().pending)
  gauge(
    registry,
    'skein_redis_unsettled',
    'Removals whose outcome is unknown, to be repeated.',
    () => redis().pendingRemovals,
  )
  total(
    registry,
    'skein_redis_damaged_total',
    'Messages on the bus that could not be read.',
    () => redis().damaged,
  )
  total(
    registry,
    'skein_redis_reaped_total',
    'Dead incarnations that this node cleared away.',
    () => redis().reaped,
  )
}
