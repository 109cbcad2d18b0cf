/**
 * What travels from the bus to its nodes: one queue, so that every channel keeps its order, emptied in a microtask, so
 * that a listener never runs inside the call that caused it. Tests may hold it, and lose messages as Pub/Sub can.
 */
import { Unavailable } from '../ports.ts'

/** One message on its way to one node. `offset` is 0 for all but publications with history. */
export interface Delivery {
  readonly kind: 'publication' | 'join' | 'leave' | 'control'
  /** '' for control messages. */
  readonly channel: string
  readonly offset: number
  /** The incarnation that it goes to. */
  readonly to: string
  run(): void
}

/** Reached only while held, or by a listener that publishes without end. Then calls are refused. */
const BOUND = 100_000

export class DeliveryQueue {
  #waiting: Delivery[] = []
  #held = false
  #scheduled = false
  #lose: (delivery: Delivery) => boolean = () => false

  /** Messages that wait. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Throws {@link Unavailable} when the queue is full: nothing may be written then. */
  admit(): void {
    if (this.#waiting.length >= BOUND)
      throw new Unavailable(`the memory bus has ${BOUND} undelivered messages`)
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
        // A listener must not throw. The rest is still delivered, and the error surfaces as uncaught.
        this.#waiting = [...now.slice(at + 1), ...this.#waiting]
        this.#schedule()
        throw error
      }
    }
  }
}
