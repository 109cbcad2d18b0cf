/**
 * Warns at the start if a namespace requires replication and Redis has no replica. Its publishes would fail.
 */
import type { ChannelsConfig } from '@skein/core'
import type { RedisCluster } from '@skein/redis'
import type { Logger } from 'pino'

/** `redis` undefined: the embedded broker. */
export async function checkReplication(
  channels: ChannelsConfig,
  redis: Pick<RedisCluster, 'replicas'> | undefined,
  log: Logger,
): Promise<void> {
  const asking = Object.entries(channels.namespaces).filter(
    ([, { durability }]) => durability === 'replicated',
  )
  if (asking.length === 0) return
  const namespaces = asking.map(([name]) => name)
  try {
    if (redis !== undefined && (await redis.replicas()) > 0) return
  } catch (error) {
    log.warn({ err: error, namespaces }, 'whether Redis has replicas is not known yet')
    return
  }
  log.warn(
    { namespaces },
    "durability 'replicated' cannot be kept: there is no replica, and every publish to these namespaces is refused",
  )
}
