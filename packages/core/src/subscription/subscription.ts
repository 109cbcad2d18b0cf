import type { Envelope, Push } from '@skein/protocol'
import type { ChannelState } from '../channel/channel-state.ts'
import type { Subscriber } from '../channel/subscriber.ts'
import type { Connection } from '../connection/connection.ts'
import { runHook } from '../connection/run-hook.ts'
import type { EndReason } from '../connection/subscriptions.ts'
import { presenceInfo } from './client-info.ts'
import type { SubscriptionContext } from './context.ts'

/** One (connection, channel). Kept small: there may be a hundred for each connection. */
export class Subscription implements Subscriber {
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
  readonly #node: SubscriptionContext

  constructor(node: SubscriptionContext, connection: Connection, channel: ChannelState, serverSide: boolean) {
    this.#node = node
    this.connection = connection
    this.channel = channel
    this.serverSide = serverSide
  }

  /** False once it or its connection has ended: nothing more may be done for it. */
  get alive(): boolean {
    return this.connection.subscriptions.get(this.channel.name) === this
  }

  /** Names this connection's presence in the channel, for the node's cleanup. */
  get presenceEntry(): string {
    return `${this.connection.client} ${this.channel.name}`
  }

  /** Leaves the hub at once, and the cluster without waiting. Only the connection calls it, which has removed it before. */
  end(why: EndReason, lost: boolean): void {
    const { channel, connection } = this
    const { hub, interest, events, hooks } = this.#node
    channel.remove(this)
    hub.release(channel)
    if (this.interested) interest.release(channel.name)
    this.interested = false
    if (this.present) this.#leavePresence(lost)
    events.emit('unsubscribed', { client: connection, channel: channel.name, ...why })
    runHook(events, 'onUnsubscribe', connection, () => hooks.onUnsubscribe?.(connection, channel.name))
  }

  /** `lost`: the leave waits for the namespace's grace period. */
  #leavePresence(lost: boolean): void {
    const { cleanup, cluster } = this.#node
    const { name, namespace } = this.channel
    const info = presenceInfo(this.connection, this)
    const grace = lost ? namespace.leaveGrace * 1000 : 0
    cleanup.run(() => cluster.presence.remove(name, info, this.announced, grace), this.presenceEntry)
  }
}
