/**
 * The state that several nodes of one process share: streams, presence, sessions and messages. An application
 * creates it; nodes reach it through `createMemoryCluster`. Its other members are faults and views for tests.
 */
import type { ClientInfo, Envelope } from '@skein/protocol'
import type {
  BrokerListener,
  Clock,
  ControlMessage,
  NodeInfo,
  PublishOptions,
  PublishResult,
  Timer,
} from '../ports.ts'
import { Unavailable } from '../ports.ts'
import { type Delivery, DeliveryQueue } from './delivery.ts'
import { MemoryPresence, type Missed } from './presence.ts'
import { MemorySessions } from './sessions.ts'
import { MemoryStreams } from './streams.ts'

const SWEEP_INTERVAL_MS = 10_000

/** One node on the bus. `uid` changes when the node joins again after its incarnation ended. */
export interface Seat {
  uid: string
  listener?: BrokerListener
  onControl?: (message: ControlMessage) => void
  readonly clock: Clock
  readonly interest: Set<string>
  describe?: () => NodeInfo
  onLost?: () => void
  /** The lease has expired. */
  expired: boolean
  /** The node cannot reach the bus. */
  cut: boolean
}

export class MemoryBus {
  readonly presence = new MemoryPresence()
  readonly sessions = new MemorySessions()
  readonly streams: MemoryStreams
  readonly newId: () => string
  readonly #queue = new DeliveryQueue()
  readonly #seats = new Set<Seat>()
  /** One function for each running grace period, which ends it. */
  readonly #graces = new Set<() => void>()
  #sweep: { readonly clock: Clock; readonly timer: Timer } | undefined

  constructor(newId: () => string) {
    this.newId = newId
    this.streams = new MemoryStreams(newId)
  }

  /** Entries that do not expire by themselves. All 0 once every node has left. */
  get size(): { readonly presence: number; readonly sessions: number; readonly nodes: number } {
    return { presence: this.presence.size, sessions: this.sessions.size, nodes: this.#seats.size }
  }

  /** Stops delivery: messages wait. */
  hold(): void {
    this.#queue.hold()
  }

  /** Delivers the waiting messages in order, and resumes delivery. */
  release(): void {
    this.#queue.release()
  }

  /** Loses the messages that satisfy `which`, as Pub/Sub can. Without it, loses none. */
  lose(which: (delivery: Delivery) => boolean = () => false): void {
    this.#queue.lose(which)
  }

  /** Simulates an outage of Redis, for one incarnation or all: calls reject, messages are lost. */
  cut(uid?: string): void {
    for (const seat of this.#named(uid)) seat.cut = true
  }

  /** Ends {@link cut} and calls `onRestored` of the nodes that were cut. */
  heal(uid?: string): void {
    for (const seat of this.#named(uid)) {
      if (!seat.cut) continue
      seat.cut = false
      seat.listener?.onRestored()
    }
  }

  /** Expires the lease of an incarnation, as kill -9 or a long pause does. Readers ignore its entries. */
  expire(uid: string): void {
    for (const seat of this.#named(uid)) seat.expired = true
  }

  /**
   * Does what surviving nodes do: removes the entries of expired incarnations and notifies those that still
   * run.
   */
  reap(): void {
    for (const seat of this.#seats) if (seat.expired) this.end(seat)?.()
  }

  seat(clock: Clock): Seat {
    const seat: Seat = { uid: this.newId(), clock, interest: new Set(), expired: false, cut: false }
    this.#seats.add(seat)
    return seat
  }

  seats(): readonly Seat[] {
    return [...this.#seats]
  }

  isLive(uid: string): boolean {
    for (const seat of this.#seats) if (seat.uid === uid) return !seat.expired
    return false
  }

  /** Throws {@link Unavailable} if the seat cannot reach the bus. */
  reach(seat: Seat): void {
    if (seat.cut || !this.#seats.has(seat)) throw new Unavailable('the memory bus cannot be reached')
    this.#queue.admit()
  }

  publish(channel: string, envelope: Envelope, options: PublishOptions, clock: Clock): PublishResult {
    const result = this.streams.append(channel, envelope, options, clock.now())
    this.sweepLater(clock)
    if (result.duplicate) return result
    const position = { offset: result.offset, epoch: result.epoch }
    this.#send('publication', channel, position.offset, (to) => to.onPublication(channel, position, envelope))
    return result
  }

  /** Removes a connection. After the last one of a user, the user leaves when `grace` ms have passed. */
  gone(seat: Seat, channel: string, client: string, announce: boolean, grace: number): void {
    const info = this.presence.remove(channel, seat.uid, client)
    if (info === undefined) return
    if (grace > 0) this.#miss(seat, channel, { info, announce }, grace)
    else if (announce) this.left(channel, info)
  }

  joined(channel: string, info: ClientInfo): void {
    const users = this.presence.users(channel)
    this.#send('join', channel, 0, (to) => to.onJoin(channel, info, users))
  }

  left(channel: string, info: ClientInfo): void {
    const users = this.presence.users(channel)
    this.#send('leave', channel, 0, (to) => to.onLeave(channel, info, users))
  }

  control(message: ControlMessage): void {
    for (const seat of this.#seats) {
      const run = () => seat.onControl?.(message)
      this.#post(seat, { kind: 'control', channel: '', offset: 0, to: seat.uid, run })
    }
  }

  /** Removes all entries of the seat's incarnation. Returns the function that notifies the node. */
  end(seat: Seat): (() => void) | undefined {
    const { onLost } = seat
    delete seat.describe
    delete seat.onLost
    seat.expired = true
    for (const { channel, info, announce, grace } of this.presence.of(seat.uid)) {
      this.gone(seat, channel, info.client, announce, grace)
    }
    this.sessions.removeAllOf(seat.uid)
    return onLost
  }

  detach(seat: Seat): void {
    this.end(seat)
    this.#seats.delete(seat)
    if (this.#seats.size > 0) return
    for (const settle of this.#graces) settle()
    if (this.#sweep === undefined) return
    this.#sweep.clock.clearTimeout(this.#sweep.timer)
    this.#sweep = undefined
  }

  /** Removes expired streams, by one timer while there are streams. */
  sweepLater(clock: Clock): void {
    if (this.#sweep !== undefined) return
    const timer = clock.setTimeout(() => {
      this.#sweep = undefined
      if (this.streams.sweep(clock.now())) this.sweepLater(clock)
    }, SWEEP_INTERVAL_MS)
    this.#sweep = { clock, timer }
  }

  /** Uses the clock of a live node: the clock of a dead one may have stopped. */
  #miss(seat: Seat, channel: string, missed: Missed, grace: number): void {
    const { clock } = this.seats().find((other) => !other.expired) ?? seat
    this.presence.miss(channel, missed)
    const settle = () => {
      this.#graces.delete(settle)
      clock.clearTimeout(timer)
      if (this.presence.settle(channel, missed) && missed.announce) this.left(channel, missed.info)
    }
    const timer = clock.setTimeout(settle, grace)
    this.#graces.add(settle)
  }

  #send(
    kind: Delivery['kind'],
    channel: string,
    offset: number,
    deliver: (to: BrokerListener) => void,
  ): void {
    const holders = channel.startsWith('#') ? this.sessions.holders(channel.slice(1)) : undefined
    for (const seat of this.#seats) {
      const wants = () => (holders === undefined ? seat.interest.has(channel) : holders.has(seat.uid))
      if (!wants()) continue
      const run = () => {
        if (seat.listener !== undefined && wants()) deliver(seat.listener)
      }
      this.#post(seat, { kind, channel, offset, to: seat.uid, run })
    }
  }

  #post(seat: Seat, delivery: Delivery): void {
    if (!seat.cut) this.#queue.push(delivery)
  }

  #named(uid: string | undefined): Seat[] {
    return [...this.#seats].filter((seat) => uid === undefined || seat.uid === uid)
  }
}

/**
 * Creates a bus for the nodes of one process. `newId` creates incarnations and epochs, unique beyond the
 * process.
 */
export function createMemoryBus(newId: () => string = () => crypto.randomUUID()): MemoryBus {
  return new MemoryBus(newId)
}
