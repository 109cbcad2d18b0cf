/**
 * Everything of a connection that depends on time, on the node's one wheel: the deadline for connect, pings and their
 * pongs, the ends of its token and of its subscriptions.
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

/** What a heartbeat needs of its connection. */
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
  readonly #connection: HeartbeatOwner
  /** Monotonic ms of the next ping, or of the pong's deadline. */
  #beatAt = Number.POSITIVE_INFINITY
  #awaitingPong = false
  /** A ping is out; the next beat looks for its pong. */
  #lookNext = false
  /** Unix seconds of the token's end; 0: never. */
  #tokenEnd = 0
  /** Unix seconds of the first end among the subscriptions; 0: none ends. */
  #subscriptionEnd = 0

  constructor(node: HeartbeatContext, connection: HeartbeatOwner) {
    this.#node = node
    this.#connection = connection
    node.wheel.arm(this, node.limits.staleTimeout)
  }

  /**
   * Connect was answered. The first ping comes at random within the second half of the interval, to spread the load.
   * `expireAt`: see {@link endAt}.
   */
  establish(expireAt: number | undefined): void {
    this.#tokenEnd = expireAt ?? 0
    const { pingInterval } = this.#node.limits
    if (pingInterval > 0) {
      this.#beatAt = this.#node.clock.monotonic() + pingInterval * (0.5 + this.#node.random() / 2)
    }
    this.#arm()
  }

  /** Unix seconds; `undefined`: never. The connection is closed `expiredGrace` after it unless it refreshes. */
  endAt(expireAt: number | undefined): void {
    this.#tokenEnd = expireAt ?? 0
    if (this.#connection.state === 'established') this.#arm()
  }

  /** A subscription's end was set. */
  watchSubscription(expireAt: number): void {
    if (this.#subscriptionEnd === 0 || expireAt < this.#subscriptionEnd) this.#subscriptionEnd = expireAt
    if (this.#connection.state === 'established') this.#arm()
  }

  pong(): void {
    if (this.#awaitingPong) this.#awaitingPong = false
    else this.#connection.refuse(because(CLOSE.badRequest, 'a pong that no ping asked for'))
  }

  stop(): void {
    this.#node.wheel.disarm(this)
  }

  onTimer(now: number): number {
    if (this.#connection.state !== 'established') {
      this.#giveUp()
      return 0
    }
    if (this.#node.clock.monotonic() >= this.#beatAt) this.#beat()
    this.#expire(now)
    return this.#connection.open ? this.#untilNext(now) : 0
  }

  /** It was told to go, or said nothing; or it did and it is us who are late: then it may come back. */
  #giveUp(): void {
    const { state, refused } = this.#connection
    const silent = state === 'connecting' || refused
    this.#connection.close(silent ? CLOSE.stale : because(CLOSE.tooManyRequests, 'connect took too long'))
  }

  #arm(): void {
    this.#node.wheel.arm(this, this.#untilNext(this.#node.clock.now()))
  }

  #untilNext(now: number): number {
    const grace = this.#node.limits.expiredGrace
    const beat = this.#beatAt - this.#node.clock.monotonic()
    const token = this.#tokenEnd > 0 ? this.#tokenEnd * 1000 + grace - now : Number.POSITIVE_INFINITY
    const subscription =
      this.#subscriptionEnd > 0 ? this.#subscriptionEnd * 1000 + grace - now : Number.POSITIVE_INFINITY
    return Math.max(1, Math.min(beat, token, subscription))
  }

  /** Alternates: a ping, then the look whether its pong came. */
  #beat(): void {
    const { pingInterval, pongTimeout } = this.#node.limits
    if (this.#awaitingPong) {
      this.#connection.close(CLOSE.noPong)
    } else if (this.#lookNext) {
      this.#lookNext = false
      this.#beatAt += pingInterval - pongTimeout
    } else {
      this.#awaitingPong = true
      this.#lookNext = true
      this.#beatAt += pongTimeout
      this.#ping()
    }
  }

  #ping(): void {
    const { socket, network, encoding } = this.#connection
    if (network.framePing && socket.ping !== undefined) socket.ping()
    else this.#connection.outbox.urgent(PING[encoding])
  }

  #expire(now: number): void {
    const ended = (end: number): boolean => end > 0 && now >= end * 1000 + this.#node.limits.expiredGrace
    if (ended(this.#tokenEnd)) {
      this.#connection.close(CLOSE.expired)
      return
    }
    if (!ended(this.#subscriptionEnd)) return
    this.#subscriptionEnd = 0
    for (const subscription of this.#connection.subscriptions.values()) {
      if (!ended(subscription.expireAt)) {
        if (subscription.expireAt > 0) this.watchSubscription(subscription.expireAt)
      } else if (subscription.serverSide) {
        this.#connection.close(CLOSE.subscriptionExpired)
        return
      } else {
        this.#connection.dropSubscription(subscription, UNSUBSCRIBE.expired)
      }
    }
  }
}
