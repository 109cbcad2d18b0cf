/** Real time for one node, whose timers a test can hold: as SIGSTOP does to a process, but for one node of several in it. */
import type { Clock, Timer } from '@skein/core'

export class PausableClock implements Clock {
  readonly #held = new Set<() => void>()
  #paused = false

  now(): number {
    return Date.now()
  }

  monotonic(): number {
    return performance.now()
  }

  setTimeout(run: () => void, ms: number): Timer {
    return setTimeout(() => {
      if (this.#paused) this.#held.add(run)
      else run()
    }, ms)
  }

  clearTimeout(timer: Timer): void {
    clearTimeout(timer as NodeJS.Timeout)
  }

  /** Timers that end from now on wait. */
  pause(): void {
    this.#paused = true
  }

  /** Those that waited run now. */
  resume(): void {
    this.#paused = false
    for (const run of this.#held) run()
    this.#held.clear()
  }
}
