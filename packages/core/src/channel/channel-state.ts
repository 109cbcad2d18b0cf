/**
 * A channel on this node: its subscriptions and its position, which is the last publication that all of them
 * have. It handles arrivals in order: it drops duplicates and fills gaps from the stream before it delivers
 * anything later. A gap that cannot be filled is reported to the clients (`unsubscribe` 2500, or close 3010).
 *
 * One class, although it orders and fans out: there is one object for each channel, most of them idle.
 */
import type { ClientInfo, Envelope, Push, StoredPublication, StreamPosition } from '@skein/protocol'
import type { ResolvedNamespace } from '../namespaces/channels.ts'
import type { Flusher } from '../outbox/flusher.ts'
import type { ChannelContext } from './context.ts'
import { isCrowd } from './crowd.ts'
import { inSlices, PushFrames, sendPush } from './fanout.ts'
import { repair } from './repair.ts'
import type { Subscriber } from './subscriber.ts'

export type Arrival =
  | { readonly kind: 'pub'; readonly position: StreamPosition; readonly envelope: Envelope }
  | { readonly kind: 'join' | 'leave'; readonly info: ClientInfo; readonly users: number | undefined }

export class ChannelState {
  readonly name: string
  readonly namespace: ResolvedNamespace
  readonly flusher: Flusher
  /** The last delivered publication; `undefined` until a stream was read or a publication arrived. */
  position: StreamPosition | undefined
  /** Monotonic ms of the last publication or comparison with the stream. */
  checkedAt = 0
  readonly #node: ChannelContext
  #subscriptions: (Subscriber | undefined)[] = []
  #count = 0
  /** Pushes behind the one that the loop is sending. Created when needed, like the queue below. */
  #outgoing: Push[] | undefined
  #looping = false
  /** Arrivals behind the gap that is being filled. */
  #waiting: Arrival[] | undefined
  #repairing = false
  /** Too many users to push joins and leaves; see `crowd.ts`. */
  #crowded = false

  constructor(node: ChannelContext, name: string, namespace: ResolvedNamespace) {
    this.#node = node
    this.name = name
    this.namespace = namespace
    this.flusher = node.flushers.of(namespace.writeDelay)
    this.checkedAt = node.clock.monotonic()
  }

  get count(): number {
    return this.#count
  }

  /** A gap is being filled, so the position is behind the broker's. */
  get repairing(): boolean {
    return this.#repairing
  }

  /** A push is being sent to the subscriptions, slice by slice. */
  get sending(): boolean {
    return this.#looping
  }

  add(subscription: Subscriber): void {
    // The first one by assignment: `push` on an empty array reserves 17 places.
    if (this.#subscriptions.length === 0) this.#subscriptions = [subscription]
    else this.#subscriptions.push(subscription)
    subscription.index = this.#subscriptions.length - 1
    this.#count++
  }

  remove(subscription: Subscriber): void {
    const { index } = subscription
    if (index < 0) return
    subscription.index = -1
    this.#count--
    if (this.#looping) {
      // The loop relies on the indices. It closes the holes when it ends.
      this.#subscriptions[index] = undefined
      return
    }
    const last = this.#subscriptions.pop()
    if (last === undefined || last === subscription) return
    this.#subscriptions[index] = last
    last.index = index
  }

  /** From the broker, in the channel's order. */
  receive(arrival: Arrival): void {
    if (!this.#repairing) {
      this.#handle(arrival)
    } else if (this.#full(this.#waiting)) {
      this.#waiting = undefined
      this.lose(undefined)
    } else {
      this.#waiting ??= []
      this.#waiting.push(arrival)
    }
  }

  /**
   * Adopts the stream's position if none is known. A new epoch means that the subscriptions have another
   * stream.
   */
  observe(top: StreamPosition): void {
    if (this.position === undefined) this.position = { offset: top.offset, epoch: top.epoch }
    else if (this.position.epoch !== top.epoch && !this.#repairing) this.lose(top)
  }

  /**
   * Compares the position with the stream's top. `before`: the position at the time of the query. A top below
   * it means that the stream lost publications which were delivered here; a top ahead of it means that the
   * bus lost some.
   */
  compare(top: StreamPosition | undefined, before: StreamPosition): void {
    this.checkedAt = this.#node.clock.monotonic()
    if (this.#repairing || this.position === undefined) return
    if (
      top === undefined ? before.offset > 0 : top.epoch !== this.position.epoch || top.offset < before.offset
    ) {
      this.lose(top)
    } else if (top !== undefined && top.offset > this.position.offset) {
      this.#repair(top.offset - this.position.offset, top.offset)
    }
  }

  /**
   * Continuity is lost: notifies the positioned subscriptions, which recover by themselves or learn that they
   * cannot.
   */
  lose(top: StreamPosition | undefined): void {
    this.position = top && { offset: top.offset, epoch: top.epoch }
    let notified = 0
    for (const subscription of [...this.#subscriptions]) {
      if (subscription === undefined || !subscription.positioned) continue
      if (subscription.buffer !== undefined) {
        subscription.buffer.length = 0
        subscription.disturbed = true
        continue
      }
      notified++
      subscription.connection.loseState(subscription)
    }
    if (notified > 0) this.#node.events.emit('gap', { channel: this.name, missing: 0, outcome: 'notified' })
  }

  /** Delivers publications of the stream as far as they continue the position. False: there is a hole. */
  advance(publications: readonly StoredPublication[]): boolean {
    for (const { offset, envelope } of publications) {
      const { position } = this
      if (position === undefined) return false
      if (offset <= position.offset) continue
      if (offset !== position.offset + 1) return false
      this.#deliver({ offset, epoch: position.epoch }, envelope)
    }
    return true
  }

  #handle(arrival: Arrival): void {
    if (arrival.kind !== 'pub') {
      if (arrival.users !== undefined) this.#measure(arrival.users)
      if (!this.#crowded) this.#fanOut({ kind: arrival.kind, channel: this.name, info: arrival.info })
      return
    }
    const { position, envelope } = arrival
    if (position.offset === 0) {
      this.#fanOut({ kind: 'pub', channel: this.name, offset: 0, envelope })
      return
    }
    const known = this.position ?? { offset: position.offset - 1, epoch: position.epoch }
    this.position = known
    if (known.epoch !== position.epoch) {
      this.lose({ offset: position.offset - 1, epoch: position.epoch })
      this.#deliver(position, envelope)
    } else if (position.offset === known.offset + 1) {
      this.#deliver(position, envelope)
    } else if (position.offset <= known.offset) {
      this.#node.events.emit('duplicateDropped', { channel: this.name, offset: position.offset })
    } else if (this.#count === 0) {
      this.#waiting = undefined // Nobody misses the publications, and the hub has released the channel.
    } else {
      this.#repair(position.offset - known.offset - 1, position.offset, arrival)
    }
  }

  #deliver(position: StreamPosition, envelope: Envelope): void {
    this.position = position
    this.checkedAt = this.#node.clock.monotonic()
    this.#fanOut({ kind: 'pub', channel: this.name, offset: position.offset, envelope })
  }

  #measure(users: number): void {
    const crowded = isCrowd(users, this.namespace.presenceLimit, this.#crowded)
    if (crowded && !this.#crowded)
      this.#node.events.emit('overflow', { queue: 'joinLeave', policy: 'counts', channel: this.name })
    this.#crowded = crowded
  }

  /** Sends to every subscription, behind the pushes that are being sent. */
  #fanOut(push: Push): void {
    if (!this.#looping) {
      this.#loop(push)
    } else if (this.#full(this.#outgoing)) {
      this.#outgoing = undefined
      this.lose(undefined)
    } else {
      this.#outgoing ??= []
      this.#outgoing.push(push)
    }
  }

  #loop(push: Push): void {
    const frames = new PushFrames(push)
    const offset = push.kind === 'pub' ? push.offset : 0
    const isPublication = push.kind === 'pub'
    const one = (subscription: Subscriber): void => {
      if (offset > 0 && offset <= subscription.from) return
      if (!isPublication && !subscription.joinLeave) return
      if (subscription.buffer === undefined) sendPush(subscription, frames)
      else this.#hold(subscription.buffer, push)
    }
    this.#looping = true
    if (push.kind === 'pub') {
      this.#node.events.emit('delivered', {
        channel: this.name,
        subscribers: this.#count,
        bytes: push.envelope.length,
      })
    }
    const { clock, writes } = this.#node
    if (inSlices(this.#subscriptions, one, clock, writes, () => this.#loopEnded())) this.#loopEnded()
  }

  #loopEnded(): void {
    this.#looping = false
    if (this.#subscriptions.length !== this.#count) this.#closeHoles()
    const next = this.#outgoing?.shift()
    if (this.#outgoing?.length === 0) this.#outgoing = undefined
    if (next !== undefined) this.#loop(next)
  }

  /**
   * For a subscription that is being set up. A full buffer is emptied: the set-up detects the hole and reads
   * again.
   */
  #hold(buffer: Push[], push: Push): void {
    if (buffer.length >= this.#node.limits.bufferedPublications) {
      this.#node.events.emit('overflow', { queue: 'recovery', policy: 'reread', channel: this.name })
      buffer.length = 0
    }
    buffer.push(push)
  }

  #full(queue: readonly unknown[] | undefined): boolean {
    if (queue === undefined || queue.length < this.#node.limits.bufferedPublications) return false
    this.#node.events.emit('overflow', { queue: 'channel', policy: 'notified', channel: this.name })
    return true
  }

  #closeHoles(): void {
    this.#subscriptions = this.#subscriptions.filter((s) => s !== undefined)
    this.#subscriptions.forEach((s, index) => {
      if (s !== undefined) s.index = index
    })
  }

  /** `upTo`: the offset that the stream must have reached. */
  #repair(missing: number, upTo: number, arrival?: Arrival): void {
    if (arrival !== undefined) {
      this.#waiting ??= []
      this.#waiting.unshift(arrival)
    }
    this.#repairing = true
    void repair(this.#node, this, missing, upTo).then((outcome) => {
      this.#repairing = false
      if (outcome === 'abandoned') this.#waiting = undefined
      // The stream is the truth. Another attempt for the same arrival would never end.
      if (outcome === 'unreached' && arrival !== undefined && this.#waiting?.[0] === arrival) {
        this.#waiting.shift()
        this.#node.events.emit('aheadDropped', { channel: this.name, offset: upTo })
      }
      this.#resume()
    })
  }

  #resume(): void {
    while (!this.#repairing) {
      const arrival = this.#waiting?.shift()
      if (this.#waiting?.length === 0) this.#waiting = undefined
      if (arrival === undefined) return
      this.#handle(arrival)
    }
  }
}
