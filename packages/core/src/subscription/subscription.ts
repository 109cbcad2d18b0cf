import type { Envelope, Push } from '@skein/protocol'
import type { ChannelState } from '../channel/channel-state.ts'
import type { Connection } from '../connection/connection.ts'

/** One (connection, channel). Kept small: there may be a hundred for each connection. */
export class Subscription {
  // The first five are what each push reads: side by side, they share a line of the processor's cache.
  readonly connection: Connection
  readonly channel: ChannelState
  /** What comes before the subscribe reply is written; `undefined` once live. */
  buffer: Push[] | undefined = []
  /** Publications up to this offset are the client's already. */
  from = 0
  /** With deltas: the publication it was given last, `null` for none. `undefined`: it has no deltas. */
  base: Envelope | null | undefined
  /** Made by the token or the server API, not by a subscribe command. */
  readonly serverSide: boolean
  /** Where the channel keeps it; -1: not in the hub. Only the channel writes this. */
  index = -1
  positioned = false
  /** The channel's continuity broke while this was being set up. */
  disturbed = false
  joinLeave = false
  /** The broker was asked on its behalf. */
  interested = false
  /** It stands in the channel's presence, and join and leave are told to others. */
  present = false
  announced = false
  /** JSON text others see as `chan_info`. */
  info: string | undefined
  /** Unix seconds; 0: never. */
  expireAt = 0

  constructor(connection: Connection, channel: ChannelState, serverSide: boolean) {
    this.connection = connection
    this.channel = channel
    this.serverSide = serverSide
  }
}

/** False once it has ended, or its connection has: nothing more may be done for it. */
export function isAlive(subscription: Subscription): boolean {
  return subscription.connection.subscriptions.get(subscription.channel.name) === subscription
}
