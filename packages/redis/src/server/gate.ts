/** A condition that calls may wait for: a bounded number of them, for a bounded time. */
import type { Clock } from '@skein/core'

export class Gate {
  readonly #clock: Clock
  readonly #bound: number
  readonly #waiting = new Set<() => void>()
  #open = false

  constructor(clock: Clock, bound: number) {
    this.#clock = clock
    this.#bound = bound
  }

  get isOpen(): boolean {
    return this.#open
  }

  open(): void {
    this.#open = true
    for (const go of this.#waiting) go()
  }

  shut(): void {
    this.#open = false
  }

  /** Whether it is open within `ms`. False at once when too many wait already. */
  async opened(ms: number): Promise<boolean> {
    if (this.#open || this.#waiting.size >= this.#bound) return this.#open
    await new Promise<void>((resolve) => {
      const go = () => {
        this.#clock.clearTimeout(timer)
        this.#waiting.delete(go)
        resolve()
      }
      const timer = this.#clock.setTimeout(go, ms)
      this.#waiting.add(go)
    })
    return this.#open
  }
}
