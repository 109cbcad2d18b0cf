import type { Hub } from '../channel/hub.ts'
import type { ConnectionContext } from '../connection/context.ts'
import type { Channels } from '../namespaces/channels.ts'
import type { Interest } from './interest.ts'

/** The part of the node that subscriptions use. */
export interface SubscriptionContext extends ConnectionContext {
  readonly channels: Channels
  readonly hub: Pick<Hub, 'open' | 'release'>
  readonly interest: Interest
  readonly cleanup: EntryRemovals
}

/** Removals of named entries. A retry must not remove an entry that was added again after the removal failed. */
export interface EntryRemovals {
  run(removal: () => Promise<void>, entry?: string): void
  /** The entry is about to be added again. */
  wanted(entry: string): void
}
