/** Time that passes only when a test advances it. */
import type { Clock, Timer } from '../ports.ts'

interface Armed {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

export class TestClock implements Clock {
  #now = 0
  #order = 0
  #timers = new Set<Armed>()
  readonly #epoch = 1_700_000_000_000

  now(): number {
    return this.#epoch + this.#now
  }

  monotonic(): number {
    return this.#now
  }

  setTimeout(run: () => void, ms: number): Timer {
    const armed = { at: this.#now + ms, order: this.#order++, run }
    this.#timers.add(armed)
    return armed
  }

  clearTimeout(timer: Timer): void {
    this.#timers.delete(timer as Armed)
  }

  /** Lets `ms` pass: timers run in their order, and their promises settle before the next timer. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settle()
    for (let next = this.#first(end); next !== undefined; next = this.#first(end)) {
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
      await settle()
    }
    this.#now = end
  }

  #first(end: number): Armed | undefined {
    let first: Armed | undefined
    for (const timer of this.#timers) {
      if (timer.at > end) continue
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
        first = timer
    }
    return first
  }
}

/** Lets everything happen that needs no time: promises and queued deliveries. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve))
}
