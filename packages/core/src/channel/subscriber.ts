import type { Envelope, Push } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import type { ConnectionSubscription } from '../connection/subscriptions.ts'
import type { ResolvedNamespace } from '../namespaces/channels.ts'
import type { Flusher } from '../outbox/flusher.ts'

/** A subscription as its channel knows it. */
export interface Subscriber extends ConnectionSubscription {
  readonly connection: Connection
  readonly channel: {
    readonly name: string
    readonly namespace: ResolvedNamespace
    readonly flusher: Flusher
  }
  /** Pushes that wait for the subscribe reply; `undefined` once the subscription is live. */
  buffer: Push[] | undefined
  /** The client has every publication up to this offset. */
  from: number
  /** With deltas: the publication sent last, `null` for none. `undefined`: the subscription has no deltas. */
  base: Envelope | null | undefined
  /** The position in the channel's list; -1: not listed. Only the channel writes it. */
  index: number
  readonly positioned: boolean
  /** The channel's continuity broke while the subscription was being set up. */
  disturbed: boolean
  /** The client receives join and leave pushes. */
  readonly joinLeave: boolean
}
