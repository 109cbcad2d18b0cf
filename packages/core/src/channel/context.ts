import type { OutboxContext } from '../outbox/context.ts'
import type { Cluster } from '../ports.ts'

/** The part of the node that channels use. */
export interface ChannelContext extends OutboxContext {
  readonly cluster: Cluster
}
