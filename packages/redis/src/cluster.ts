/** All ports of one node over a standalone Redis. */
import type { Cluster } from '@skein/core'
import { RedisBroker } from './broker.ts'
import { Bus } from './bus.ts'
import { ChannelIndex } from './channel-index.ts'
import { Commands } from './commands.ts'
import { RedisControl } from './control.ts'
import { health } from './health.ts'
import { Keys } from './keys.ts'
import { Lease } from './lease.ts'
import { RedisMembership } from './membership.ts'
import { type RedisClusterOptions, settle } from './options.ts'
import { RedisPresence } from './presence.ts'
import { Reaper } from './reaper.ts'
import { RedisSessions } from './sessions.ts'
import { Unsettled } from './unsettled.ts'

/** Numbers for metrics. Counts since the start, but for `pending` and `unsettled`: now. */
export interface RedisCounters {
  /** Calls that wait for Redis. */
  readonly pending: number
  /** Removals to be repeated. */
  readonly unsettled: number
  /** Messages on the bus that could not be read. */
  readonly damaged: number
  /** Incarnations of others that this node cleared away. */
  readonly reaped: number
}

export interface RedisCluster extends Cluster {
  counters(): RedisCounters
}

/**
 * Connects in the background and never throws for a Redis that is missing: calls reject with `Unavailable` until it
 * appears, and again while it is away.
 */
export function createRedisCluster(options: RedisClusterOptions): RedisCluster {
  const settings = settle(options)
  const keys = new Keys(settings.prefix)
  const commands = new Commands(settings)
  const lease = new Lease(settings, keys, commands)
  const bus = new Bus(settings, keys, commands, lease.uid)
  const unsettled = new Unsettled(settings)
  const index = new ChannelIndex(keys, commands, lease)
  const reaper = new Reaper(settings, keys, commands, lease)
  const shared = { settings, keys, commands, bus, lease, reaper, index, unsettled }
  const membership = new RedisMembership({
    ...shared,
    chores: [() => unsettled.settle(), () => index.tidy()],
  })
  unsettled.onOverflow = (reason) => void membership.abandon(reason)

  return {
    broker: new RedisBroker(bus, commands, keys),
    presence: new RedisPresence(shared),
    sessions: new RedisSessions(shared),
    membership,
    control: new RedisControl(bus, commands, keys),
    health: () => health(commands, bus),
    counters: () => ({
      pending: commands.pending,
      unsettled: unsettled.size,
      damaged: bus.damaged,
      reaped: reaper.reaped,
    }),
    close: async () => {
      membership.close()
      await Promise.all([bus.close(), commands.close()])
    },
  }
}
