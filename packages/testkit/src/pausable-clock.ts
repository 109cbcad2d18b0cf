/** Real time for one node, whose timers a test can hold: as SIGSTOP, for one node of several in a process. */
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

  /** Holds timers that fire from now on. */
  pause(): void {
    this.#paused = true
  }

  /** Runs the held timers. */
  resume(): void {
    this.#paused = false
    for (const run of this.#held) run()
    this.#held.clear()
  }
}
