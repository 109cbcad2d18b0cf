/** Makes what the pieces of one node share. */
import { Channels } from './channels.ts'
import { Cleanup } from './cleanup.ts'
import type { Events } from './events.ts'
import { Flushers } from './flusher.ts'
import { Hub } from './hub.ts'
import { Interest } from './interest.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import type { NodeOptions } from './node-api.ts'
import type { NodeContext } from './node-context.ts'
import { systemClock } from './system-clock.ts'
import { Turnstile } from './turnstile.ts'
import { Users } from './users.ts'
import { Wheel } from './wheel.ts'
import { Writes } from './writes.ts'

/** `abandon`: gives the node's incarnation up. */
export function createContext(options: NodeOptions, events: Events, abandon: () => void): NodeContext {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const clock = options.clock ?? systemClock
  const writes = new Writes()
  const unawaited = (error: unknown): void => events.emit('internalError', { where: 'unsubscribe', error })
  const context: NodeContext = {
    name: options.name,
    version: options.version,
    cluster: options.cluster,
    channels: new Channels(options.channels, limits.channelLength),
    hooks: options.hooks ?? {},
    tokens: options.tokens,
    allowAnonymous: options.allowAnonymous ?? false,
    limits,
    clock,
    random: options.random ?? Math.random,
    newId: options.newId ?? (() => crypto.randomUUID()),
    events,
    interest: new Interest(options.cluster.broker, unawaited),
    users: new Users(),
    connections: new Set(),
    connects: new Turnstile(limits.connectsAtOnce, limits.connectsWaiting),
    flushers: new Flushers(clock, limits.writeDelay, writes),
    writes,
    wheel: new Wheel(clock),
    cleanup: new Cleanup(clock, events, abandon),
    counters: { framesSent: 0, messagesSent: 0, bytesSent: 0, outboxBytes: 0, subscriptions: 0 },
    get hub() {
      return hub
    },
  }
  const hub = new Hub(context)
  return context
}
