/** All ports of one node over Redis: one server, Sentinels or a Redis Cluster. */
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
import { MissedChannels } from './missed.ts'
import { type RedisClusterOptions, settle } from './options.ts'
import { RedisPresence } from './presence.ts'
import { PresenceScripts } from './presence-scripts.ts'
import { Reaper } from './reaper.ts'
import { routesOf } from './routes.ts'
import { RedisSessions } from './sessions.ts'
import { Slots } from './slots.ts'
import { Unsettled } from './unsettled.ts'

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
