/** The shared parts of one node. `createNode` builds them once and passes them as an argument. */

import { Hub } from '../channel/hub.ts'
import { Wheel } from '../connection/wheel.ts'
import type { Events } from '../events.ts'
import type { HandlerContext } from '../handlers/context.ts'
import { dispatch } from '../handlers/dispatch.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { Channels } from '../namespaces/channels.ts'
import type { NodeOptions } from '../node-api.ts'
import { Flushers } from '../outbox/flusher.ts'
import { Writes } from '../outbox/writes.ts'
import { Interest } from '../subscription/interest.ts'
import { systemClock } from '../util/clock.ts'
import { Turnstile } from '../util/turnstile.ts'
import { Cleanup } from './cleanup.ts'
import { Users } from './users.ts'

/** Each room declares the part that it uses in a `context.ts` of its own. */
export interface NodeContext extends HandlerContext {
  readonly hub: Hub
  readonly users: Users
  readonly cleanup: Cleanup
}

/** `abandon`: ends the node's incarnation. */
export function createContext(options: NodeOptions, events: Events, abandon: () => void): NodeContext {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const clock = options.clock ?? systemClock
  const writes = new Writes()
  const onInterestError = (error: unknown): void =>
    events.emit('internalError', { where: 'unsubscribe', error })
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
    interest: new Interest(options.cluster.broker, onInterestError),
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
    dispatch: (connection, command, more, before) => dispatch(context, connection, command, more, before),
  }
  const hub = new Hub(context)
  return context
}
