/** All ports of one node over Redis: one server, Sentinels or a Redis Cluster. */
import type { Cluster } from '@skein/core'
import { Bus } from './bus/bus.ts'
import { RedisControl } from './bus/control.ts'
import { health } from './health.ts'
import { Keys } from './keys.ts'
import { Lease } from './membership/lease.ts'
import { RedisMembership } from './membership/membership.ts'
import { PendingRemovals } from './membership/pending-removals.ts'
import { Reaper } from './membership/reaper.ts'
import { RedisSessions } from './membership/sessions.ts'
import type { RedisClusterOptions } from './options.ts'
import { ChannelIndex } from './presence/channel-index.ts'
import { LeaveGraces } from './presence/leave-graces.ts'
import { RedisPresence } from './presence/presence.ts'
import { PresenceScripts } from './presence/presence-scripts.ts'
import { Commands } from './server/commands.ts'
import { resolveSettings } from './server/settings.ts'
import { createRoutes } from './slots/create-routes.ts'
import { createSlotTags } from './slots/slot.ts'
import { Slots } from './slots/slots.ts'
import { RedisBroker } from './streams/broker.ts'

/**
 * Numbers for metrics. `pending`, `pendingRemovals` and `leaveGraces` are present values, the others count
 * since the start.
 */
export interface RedisCounters {
  /** Calls that wait for Redis. */
  readonly pending: number
  /** Removals of entries whose addition failed with an unknown outcome. */
  readonly pendingRemovals: number
  /** Channels in which this node counts a grace. */
  readonly leaveGraces: number
  /** Messages of the bus that could not be decoded. */
  readonly damaged: number
  /** Incarnations of other nodes that this node reaped. */
  readonly reaped: number
}

export interface RedisCluster extends Cluster {
  counters(): RedisCounters
  /**
   * The smallest number of replicas of a primary: 0 means that a replicated publish is impossible. Rejects
   * while Redis is unreachable.
   */
  replicas(): Promise<number>
}

/**
 * Connects in the background and does not throw if Redis is unreachable: calls reject with `Unavailable`
 * until a connection is ready. Throws for an invalid URL.
 */
export function createRedisCluster(options: RedisClusterOptions): RedisCluster {
  const settings = resolveSettings(options)
  const keys = new Keys(settings.prefix, settings.url.kind === 'cluster' ? createSlotTags() : undefined)
  const routes = createRoutes(settings)
  const commands = new Commands(settings, routes)
  const lease = new Lease(settings, keys, commands)
  const bus = new Bus(settings, keys, commands, lease.uid, routes instanceof Slots ? routes : undefined)
  const pendingRemovals = new PendingRemovals(settings)
  const index = new ChannelIndex(keys, commands, lease)
  const scripts = new PresenceScripts(commands, keys)
  const graces = new LeaveGraces(settings, scripts, index, lease)
  const parts = { settings, keys, commands, bus, lease, index, scripts, graces, pendingRemovals }
  const reaper = new Reaper(parts)
  const membership = new RedisMembership({
    ...parts,
    reaper,
    chores: [() => pendingRemovals.runDue(), () => index.tidy(), () => refresh(commands)],
  })
  pendingRemovals.onOverflow = (reason) => void membership.abandon(reason)

  return {
    broker: new RedisBroker(settings, bus, commands, keys),
    presence: new RedisPresence({ ...parts, reaper }),
    sessions: new RedisSessions({ ...parts, reaper }),
    membership,
    control: new RedisControl(bus, commands, keys),
    health: () => health(commands, bus),
    counters: () => ({
      pending: commands.pending,
      pendingRemovals: pendingRemovals.size,
      leaveGraces: graces.size,
      damaged: bus.damaged,
      reaped: reaper.reaped,
    }),
    replicas: () => replicas(commands),
    close: async () => {
      membership.close()
      graces.close()
      await Promise.all([bus.close(), commands.close()])
    },
  }
}

async function refresh(commands: Commands): Promise<void> {
  await Promise.all(commands.servers().map((server) => server.refresh()))
}

async function replicas(commands: Commands): Promise<number> {
  // Any call waits for the first connection.
  await commands.run('report its replicas', '', async () => undefined)
  await refresh(commands)
  return Math.min(...commands.servers().map(({ link }) => link.replicas))
}
