/** So many at a time; the others wait in their order, up to a bound. */

/** As many wait as may: nothing was begun. */
export class TurnstileFull extends Error {
  override readonly name = 'TurnstileFull'
}

export class Turnstile {
  readonly #width: number
  readonly #bound: number
  readonly #queue: (() => void)[] = []
  #inside = 0

  constructor(width: number, bound: number) {
    this.#width = width
    this.#bound = bound
  }

  get waiting(): number {
    return this.#queue.length
  }

  /** Runs `task` when it is its turn. Rejects with {@link TurnstileFull} where `bound` wait already. */
  async pass<T>(task: () => Promise<T>): Promise<T> {
    if (this.#inside < this.#width) this.#inside++
    else await this.#turn()
    try {
      return await task()
    } finally {
      this.#leave()
    }
  }

  /** Who leaves hands its place on, so nobody who comes later goes first. */
  #turn(): Promise<void> {
    if (this.#queue.length >= this.#bound) throw new TurnstileFull(`${this.#bound} wait already`)
    return new Promise((resolve) => this.#queue.push(resolve))
  }

  #leave(): void {
    const next = this.#queue.shift()
    if (next === undefined) this.#inside--
    else next()
  }
}
