/** So many at a time; the others wait in their order, up to a bound. */

import { Queue } from './queue.ts'

/** As many wait as may: nothing was begun. */
export class TurnstileFull extends Error {
  override readonly name = 'TurnstileFull'
}

export class Turnstile {
  readonly #width: number
  readonly #bound: number
  readonly #queue = new Queue<() => void>()
  #inside = 0

  constructor(width: number, bound: number) {
    this.#width = width
    this.#bound = bound
  }

  get waiting(): number {
    return this.#queue.size
  }

  /**
   * `undefined`: inside, without having waited; a promise: inside once it resolves. Each of both is to be followed by one
   * {@link leave}. Throws {@link TurnstileFull} where as many wait as may.
   */
  enter(): Promise<void> | undefined {
    if (this.#inside < this.#width) {
      this.#inside++
      return undefined
    }
    if (this.#queue.size >= this.#bound) throw new TurnstileFull(`${this.#bound} wait already`)
    return new Promise((resolve) => this.#queue.push(resolve))
  }

  /** Who leaves hands its place on, so nobody who comes later goes first. */
  leave(): void {
    const next = this.#queue.shift()
    if (next === undefined) this.#inside--
    else next()
  }
}
