/** All ports of one node over Redis: one server, Sentinels or a Redis Cluster. */
import type { Cluster } from '@skein/core'
import { Bus } from './bus/bus.ts'
import { RedisControl } from './bus/control.ts'
import { health } from './health.ts'
import { Keys } from './keys.ts'
import { Lease } from './membership/lease.ts'
import { RedisMembership } from './membership/membership.ts'
import { Unsettled } from './membership/pending-removals.ts'
import { Reaper } from './membership/reaper.ts'
import { RedisSessions } from './membership/sessions.ts'
import { type RedisClusterOptions, settle } from './options.ts'
import { ChannelIndex } from './presence/channel-index.ts'
import { MissedChannels } from './presence/leave-graces.ts'
import { RedisPresence } from './presence/presence.ts'
import { PresenceScripts } from './presence/presence-scripts.ts'
import { Commands } from './server/commands.ts'
import { routesOf } from './server/routes.ts'
import { Slots } from './slots/slots.ts'
import { RedisBroker } from './streams/broker.ts'

/** Numbers for metrics. Counts since the start, but for `pending`, `unsettled` and `missed`: now. */
export interface RedisCounters {
  /** Calls that wait for Redis. */
  readonly pending: number
  /** Removals to be repeated. */
  readonly unsettled: number
  /** Channels in which this node counts a grace. */
  readonly missed: number
  /** Messages on the bus that could not be read. */
  readonly damaged: number
  /** Incarnations of others that this node cleared away. */
  readonly reaped: number
}

export interface RedisCluster extends Cluster {
  counters(): RedisCounters
  /** The fewest replicas that a primary has: 0 means that no publish can be replicated. Rejects while Redis is away. */
  replicas(): Promise<number>
}

/**
 * Connects in the background and never throws for a Redis that is missing: calls reject with `Unavailable` until it
 * appears, and again while it is away. Throws for a URL that is none.
 */
export function createRedisCluster(options: RedisClusterOptions): RedisCluster {
  const settings = settle(options)
  const keys = new Keys(settings.prefix)
  const routes = routesOf(settings)
  const commands = new Commands(settings, routes)
  const lease = new Lease(settings, keys, commands)
  const bus = new Bus(settings, keys, commands, lease.uid, routes instanceof Slots ? routes : undefined)
  const unsettled = new Unsettled(settings)
  const index = new ChannelIndex(keys, commands, lease)
  const scripts = new PresenceScripts(commands, keys)
  const missed = new MissedChannels(settings, scripts, index, lease)
  const parts = { settings, keys, commands, bus, lease, index, scripts, missed, unsettled }
  const reaper = new Reaper(parts)
  const membership = new RedisMembership({
    ...parts,
    reaper,
    chores: [() => unsettled.settle(), () => index.tidy(), () => refresh(commands)],
  })
  unsettled.onOverflow = (reason) => void membership.abandon(reason)

  return {
    broker: new RedisBroker(settings, bus, commands, keys),
    presence: new RedisPresence({ ...parts, reaper }),
    sessions: new RedisSessions({ ...parts, reaper }),
    membership,
    control: new RedisControl(bus, commands, keys),
    health: () => health(commands, bus),
    counters: () => ({
      pending: commands.pending,
      unsettled: unsettled.size,
      missed: missed.size,
      damaged: bus.damaged,
      reaped: reaper.reaped,
    }),
    replicas: () => replicas(commands),
    close: async () => {
      membership.close()
      missed.close()
      await Promise.all([bus.close(), commands.close()])
    },
  }
}

async function refresh(commands: Commands): Promise<void> {
  await Promise.all(commands.servers().map((server) => server.refresh()))
}

async function replicas(commands: Commands): Promise<number> {
  // Any call waits for the first connection.
  await commands.run('count its replicas', '', async () => undefined)
  await refresh(commands)
  return Math.min(...commands.servers().map(({ link }) => link.replicas))
}
