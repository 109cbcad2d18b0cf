/** Bounds concurrency: further callers wait in the order of their arrival, up to a bound. */

import { Queue } from './queue.ts'

/** The maximum number of callers waits already. */
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
   * Returns `undefined` when the caller is inside at once, otherwise a promise that resolves when it is. One
   * {@link leave} follows each call. Throws {@link TurnstileFull} if the maximum number of callers waits.
   */
  enter(): Promise<void> | undefined {
    if (this.#inside < this.#width) {
      this.#inside++
      return undefined
    }
    if (this.#queue.size >= this.#bound) throw new TurnstileFull(`${this.#bound} callers wait already`)
    return new Promise((resolve) => this.#queue.push(resolve))
  }

  /** Passes the place to the first caller that waits, so that no later one overtakes it. */
  leave(): void {
    const next = this.#queue.shift()
    if (next === undefined) this.#inside--
    else next()
  }
}
