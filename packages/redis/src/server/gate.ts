/** A condition for which a bounded number of calls may wait, each for a bounded time. */
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

  /** Whether the gate opens within `ms`. False at once if too many calls wait already. */
  async whenOpen(ms: number): Promise<boolean> {
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
