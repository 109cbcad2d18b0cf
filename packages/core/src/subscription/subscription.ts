import type { Envelope, Push } from '@skein/protocol'
import type { ChannelState } from '../channel/channel-state.ts'
import type { Subscriber } from '../channel/subscriber.ts'
import type { Connection } from '../connection/connection.ts'
import { runHook } from '../connection/run-hook.ts'
import type { EndReason } from '../connection/subscriptions.ts'
import { presenceInfo } from './client-info.ts'
import type { SubscriptionContext } from './context.ts'
import { hold } from './suspended.ts'

/** One connection in one channel. Kept small: a connection may have a hundred. */
export class Subscription implements Subscriber {
  // Each push reads the first five fields: side by side, they share a cache line.
  readonly connection: Connection
  readonly channel: ChannelState
  /** See {@link Subscriber}, like the fields below without a comment. */
  buffer: Push[] | undefined = []
  from = 0
  base: Envelope | null | undefined
  readonly serverSide: boolean
  index = -1
  positioned = false
  disturbed = false
  joinLeave = false
  /** The subscription holds interest at the broker. */
  interested = false
  /** The channel's presence has an entry for it. */
  present = false
  /** Its join and leave are announced. */
  announced = false
  info: string | undefined
  expireAt = 0
  readonly #node: SubscriptionContext

  constructor(node: SubscriptionContext, connection: Connection, channel: ChannelState, serverSide: boolean) {
    this.#node = node
    this.connection = connection
    this.channel = channel
    this.serverSide = serverSide
  }

  /** False once the subscription or its connection has ended. */
  get alive(): boolean {
    return this.connection.subscriptions.get(this.channel.name) === this
  }

  /** The name of its presence entry for the node's cleanup. */
  get presenceEntry(): string {
    return `${this.connection.client} ${this.channel.name}`
  }

  /**
   * Leaves the hub at once and the cluster later. Only the connection calls it, after it has removed the
   * subscription.
   */
  end(why: EndReason, lost: boolean): void {
    const { channel, connection } = this
    const { hub, interest, events, hooks } = this.#node
    channel.remove(this)
    hub.release(channel)
    if (this.interested) interest.release(channel.name)
    this.interested = false
    if (this.present) leavePresence(this.#node, this, lost)
    events.emit('unsubscribed', { client: connection, channel: channel.name, ...why })
    runHook(events, 'onUnsubscribe', connection, () => hooks.onUnsubscribe?.(connection, channel.name))
  }

  suspend(): void {
    if (this.buffer !== undefined) return // Being set up: its catch-up holds it.
    this.buffer = []
    if (this.positioned) this.from = this.channel.position?.offset ?? this.from
    // A publication of the loop may be unsent to this subscription.
    if (this.channel.sending) this.disturbed = true
    hold(this)
  }
}

/**
 * `lost`: the leave waits for the namespace's grace period. A function, since a private method costs each
 * subscription 8 bytes.
 */
function leavePresence(node: SubscriptionContext, subscription: Subscription, lost: boolean): void {
  const { cleanup, cluster } = node
  const { connection, channel, announced, presenceEntry } = subscription
  const info = presenceInfo(connection, subscription)
  const grace = lost ? channel.namespace.leaveGrace * 1000 : 0
  cleanup.run(() => cluster.presence.remove(channel.name, info, announced, grace), presenceEntry)
}
