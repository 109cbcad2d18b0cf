import type { Hub } from '../channel/hub.ts'
import type { ConnectionContext, Removals } from '../connection/context.ts'
import type { Channels } from '../namespaces/channels.ts'
import type { Interest } from './interest.ts'

/** The part of the node that subscriptions use. */
export interface SubscriptionContext extends ConnectionContext {
  readonly channels: Channels
  readonly hub: Pick<Hub, 'open' | 'release'>
  readonly interest: Interest
  readonly cleanup: EntryRemovals
}

/** Removals that name the entry which they remove. */
export interface EntryRemovals extends Removals {
  run(remove: () => Promise<void>, entry?: string): void
  /** The entry is about to be added again: a retry of its removal must not remove it. */
  cancelRetry(entry: string): void
}
