import type { Command } from '@skein/protocol'
import type { Hooks } from '../hooks.ts'
import type { OutboxContext, WriteCounters } from '../outbox/context.ts'
import type { Cluster } from '../ports.ts'
import type { Connection } from './connection.ts'
import type { Wheel } from './wheel.ts'

/** The part of the node that connections use. */
export interface ConnectionContext extends OutboxContext {
  readonly cluster: Cluster
  readonly hooks: Hooks
  readonly random: () => number
  readonly newId: () => string
  readonly wheel: Wheel
  /** Connections in the order of their opening. */
  readonly connections: Set<Connection>
  readonly users: UserConnections
  readonly cleanup: Removals
  readonly counters: ConnectionCounters
  readonly dispatch: Dispatch
}

/** Finds a user's connections from authentication to their end. */
export interface UserConnections {
  add(connection: Connection): void
  remove(connection: Connection): void
}

/** Removals from the cluster that nobody waits for. A removal that rejects is retried until it succeeds. */
export interface Removals {
  run(remove: () => Promise<void>): void
}

export interface ConnectionCounters extends WriteCounters {
  subscriptions: number
}

/** Handles one command and answers it; see `handlers/dispatch.ts`. */
export type Dispatch = (
  connection: Connection,
  command: Command,
  more: boolean,
  before?: Promise<void>,
) => Promise<void>
