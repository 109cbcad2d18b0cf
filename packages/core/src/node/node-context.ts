/** What the pieces of one node share. Made once by `createNode`; passed as an argument, never looked up. */

import type { Hub } from '../channel/hub.ts'
import type { Connection } from '../connection/connection.ts'
import type { Wheel } from '../connection/wheel.ts'
import type { Events } from '../events.ts'
import type { Hooks, TokenVerifier } from '../hooks.ts'
import type { Channels } from '../namespaces/channels.ts'
import type { Limits } from '../node-api.ts'
import type { Flushers } from '../outbox/flusher.ts'
import type { Writes } from '../outbox/writes.ts'
import type { Clock, Cluster } from '../ports.ts'
import type { Interest } from '../subscription/interest.ts'
import type { Turnstile } from '../util/turnstile.ts'
import type { Cleanup } from './cleanup.ts'
import type { Users } from './users.ts'

export interface NodeContext {
  readonly name: string
  readonly version: string
  readonly cluster: Cluster
  readonly channels: Channels
  readonly hooks: Hooks
  readonly tokens: TokenVerifier | undefined
  readonly allowAnonymous: boolean
  readonly limits: Limits
  readonly clock: Clock
  readonly random: () => number
  readonly newId: () => string
  readonly events: Events
  readonly hub: Hub
  readonly interest: Interest
  readonly users: Users
  /** In the order of their opening. */
  readonly connections: Set<Connection>
  /** Where connect commands wait. */
  readonly connects: Turnstile
  readonly flushers: Flushers
  readonly writes: Writes
  readonly wheel: Wheel
  readonly cleanup: Cleanup
  readonly counters: Counters
}

/** Counted on the hot path, read when scraped. */
export interface Counters {
  framesSent: number
  messagesSent: number
  bytesSent: number
  /** Now, not in total. */
  outboxBytes: number
  subscriptions: number
}
