/**
 * The deadlines of one connection, on the node's wheel: for `connect`, pings and pongs, the expiry of the
 * token and of the subscriptions.
 */
import { because, CLOSE, type CloseCode, codecOf, type Encoding, UNSUBSCRIBE } from '@skein/protocol'
import type { Limits } from '../node-api.ts'
import type { Clock } from '../ports.ts'
import type { Frame, NetworkContext, Socket } from '../socket.ts'
import type { ConnectionState } from './state.ts'
import type { ConnectionSubscription, EndReason } from './subscriptions.ts'
import type { Timed, Wheel } from './wheel.ts'

const PING: Readonly<Record<Encoding, Frame>> = { json: ping('json'), protobuf: ping('protobuf') }

function ping(encoding: Encoding): Frame {
  const payload = codecOf(encoding).encodePush({ kind: 'ping' }) ?? new Uint8Array()
  return { encoding, payload, shared: true }
}

/** The part of a connection that its heartbeat uses. */
export interface HeartbeatOwner {
  readonly state: ConnectionState
  readonly open: boolean
  readonly refused: boolean
  readonly encoding: Encoding
  readonly network: Pick<NetworkContext, 'framePing'>
  readonly socket: Pick<Socket, 'ping'>
  readonly outbox: { urgent(frame: Frame): void }
  readonly subscriptions: { values(): readonly ConnectionSubscription[] }
  dropSubscription(subscription: ConnectionSubscription, why: EndReason): void
  refuse(close: CloseCode): void
  close(close: CloseCode): void
}

/** The part of the node that heartbeats use. */
export interface HeartbeatContext {
  readonly clock: Clock
  readonly limits: Limits
  readonly random: () => number
  readonly wheel: Wheel
}

export class Heartbeat implements Timed {
  wheelSlot = -1
  wheelIndex = 0
  readonly #node: HeartbeatContext
  readonly #owner: HeartbeatOwner
  /** Monotonic ms of the next ping, or of the deadline of its pong. */
  #beatAt = Number.POSITIVE_INFINITY
  #awaitingPong = false
  /** The next beat is the deadline of a pong. */
  #pongIsDue = false
  /** Expiry of the token, Unix seconds; 0: never. */
  #tokenExpireAt = 0
  /** The first expiry among the subscriptions, Unix seconds; 0: never. */
  #subscriptionExpireAt = 0

  constructor(node: HeartbeatContext, owner: HeartbeatOwner) {
    this.#node = node
    this.#owner = owner
    node.wheel.arm(this, node.limits.staleTimeout)
  }

  /**
   * Starts the pings, the first within the second half of the interval, to spread the load. See {@link
   * expireTokenAt}.
   */
  establish(expireAt: number | undefined): void {
    this.#tokenExpireAt = expireAt ?? 0
    const { pingInterval } = this.#node.limits
    if (pingInterval > 0) {
      this.#beatAt = this.#node.clock.monotonic() + pingInterval * (0.5 + this.#node.random() / 2)
    }
    this.#arm()
  }

  /**
   * Unix seconds; `undefined`: never. Deliveries stop then, and the connection closes `expiredGrace` later,
   * unless it refreshes.
   */
  expireTokenAt(expireAt: number | undefined): void {
    this.#tokenExpireAt = expireAt ?? 0
    if (this.#owner.state === 'established') this.#arm()
  }

  /** Unix seconds. */
  expireSubscriptionAt(expireAt: number): void {
    if (this.#subscriptionExpireAt === 0 || expireAt < this.#subscriptionExpireAt)
      this.#subscriptionExpireAt = expireAt
    if (this.#owner.state === 'established') this.#arm()
  }

  pong(): void {
    if (this.#awaitingPong) this.#awaitingPong = false
    else this.#owner.refuse(because(CLOSE.badRequest, 'a pong that no ping asked for'))
  }

  stop(): void {
    this.#node.wheel.disarm(this)
  }

  onTimer(now: number): number {
    if (this.#owner.state !== 'established') {
      this.#closeUnconnected()
      return 0
    }
    if (this.#node.clock.monotonic() >= this.#beatAt) this.#beat()
    this.#expire(now)
    return this.#owner.open ? this.#untilNext(now) : 0
  }

  /** Where the client has sent `connect` the node is late, and the client may reconnect. */
  #closeUnconnected(): void {
    const { state, refused } = this.#owner
    const stale = state === 'connecting' || refused
    this.#owner.close(stale ? CLOSE.stale : because(CLOSE.tooManyRequests, 'connect took too long'))
  }

  #arm(): void {
    this.#node.wheel.arm(this, this.#untilNext(this.#node.clock.now()))
  }

  #untilNext(now: number): number {
    const grace = this.#node.limits.expiredGrace
    const beat = this.#beatAt - this.#node.clock.monotonic()
    const left = this.#tokenExpireAt > 0 ? this.#tokenExpireAt * 1000 - now : Number.POSITIVE_INFINITY
    const token = left > 0 ? left : left + grace
    const subscription =
      this.#subscriptionExpireAt > 0
        ? this.#subscriptionExpireAt * 1000 + grace - now
        : Number.POSITIVE_INFINITY
    return Math.max(1, Math.min(beat, token, subscription))
  }

  /** Alternates between a ping and the deadline of its pong. */
  #beat(): void {
    const { pingInterval, pongTimeout } = this.#node.limits
    if (this.#awaitingPong) {
      this.#owner.close(CLOSE.noPong)
    } else if (this.#pongIsDue) {
      this.#pongIsDue = false
      this.#beatAt += pingInterval - pongTimeout
    } else {
      this.#awaitingPong = true
      this.#pongIsDue = true
      this.#beatAt += pongTimeout
      this.#ping()
    }
  }

  #ping(): void {
    const { socket, network, encoding } = this.#owner
    if (network.framePing && socket.ping !== undefined) socket.ping()
    else this.#owner.outbox.urgent(PING[encoding])
  }

  #expire(now: number): void {
    const { expiredGrace } = this.#node.limits
    const isOver = (expireAt: number): boolean => expireAt > 0 && now >= expireAt * 1000 + expiredGrace
    if (isOver(this.#tokenExpireAt)) {
      this.#owner.close(CLOSE.expired)
      return
    }
    if (this.#tokenExpireAt > 0 && now >= this.#tokenExpireAt * 1000)
      for (const subscription of this.#owner.subscriptions.values()) subscription.suspend()
    if (!isOver(this.#subscriptionExpireAt)) return
    this.#subscriptionExpireAt = 0
    for (const subscription of this.#owner.subscriptions.values()) {
      if (!isOver(subscription.expireAt)) {
        if (subscription.expireAt > 0) this.expireSubscriptionAt(subscription.expireAt)
      } else if (subscription.serverSide) {
        this.#owner.close(CLOSE.subscriptionExpired)
        return
      } else {
        this.#owner.dropSubscription(subscription, UNSUBSCRIBE.expired)
      }
    }
  }
}
