/**
 * Messages on their way from the bus to its nodes. One queue keeps the order of every channel. A microtask
 * empties it, so no listener runs inside the call that caused the message. Tests can hold it, and lose
 * messages as Pub/Sub can.
 */
import { Unavailable } from '../ports.ts'

/** One message on its way to one node. `offset` is 0 for all but publications with history. */
export interface Delivery {
  readonly kind: 'publication' | 'join' | 'leave' | 'control'
  /** Empty for control messages. */
  readonly channel: string
  readonly offset: number
  /** The incarnation of the receiver. */
  readonly to: string
  run(): void
}

/** Reached only while held, or by a listener that publishes in a loop. Further calls are rejected. */
const MAX_WAITING_MESSAGES = 100_000

export class DeliveryQueue {
  #waiting: Delivery[] = []
  #held = false
  #scheduled = false
  #lose: (delivery: Delivery) => boolean = () => false

  get waiting(): number {
    return this.#waiting.length
  }

  /** Throws {@link Unavailable} if the queue is full. The caller must not write anything then. */
  admit(): void {
    if (this.#waiting.length >= MAX_WAITING_MESSAGES)
      throw new Unavailable(`the memory bus has ${MAX_WAITING_MESSAGES} undelivered messages`)
  }

  push(delivery: Delivery): void {
    if (this.#lose(delivery)) return
    this.#waiting.push(delivery)
    this.#schedule()
  }

  hold(): void {
    this.#held = true
  }

  release(): void {
    this.#held = false
    this.#schedule()
  }

  lose(which: (delivery: Delivery) => boolean): void {
    this.#lose = which
  }

  #schedule(): void {
    if (this.#held || this.#scheduled || this.#waiting.length === 0) return
    this.#scheduled = true
    queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    this.#scheduled = false
    if (this.#held) return
    const now = this.#waiting
    this.#waiting = []
    for (const [at, delivery] of now.entries()) {
      try {
        delivery.run()
      } catch (error) {
        // A listener must not throw: the error is uncaught, and the rest is still delivered.
        this.#waiting = [...now.slice(at + 1), ...this.#waiting]
        this.#schedule()
        throw error
      }
    }
  }
}
