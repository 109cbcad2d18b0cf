/**
 * Delay of the event loop: one measurement for admission, once a second, and for Prometheus, at each scrape.
 * Each step wakes the process, which is the main cost of an idle node. prom-client's own measurement would
 * double it.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Step of the measurement, ms. Shorter delays do not count. Twenty wake-ups a second cost next to nothing.
 */
const RESOLUTION_MS = 50

/** Lateness of timers, ms. */
export interface Lateness {
  readonly p99: number
  readonly max: number
}

interface Steps {
  readonly count: number
  /** ns */
  readonly sum: number
}

const NONE: Steps = { count: 0, sum: 0 }

export class LoopDelay {
  readonly #delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  /** Part of the histogram that {@link lately} has returned already; negative after a collection. */
  #reported: Steps = NONE

  constructor() {
    this.#delays.enable()
  }

  /** Mean lateness since the last call, ms. */
  lately(): number {
    const seen = this.#seen()
    const { count, sum } = less(seen, this.#reported)
    this.#reported = seen
    return count > 0 ? late(sum / count) : 0
  }

  /** Lateness of all steps since the last call. */
  collect(): Lateness {
    const seen = this.#seen()
    const lateness =
      seen.count > 0
        ? { p99: late(this.#delays.percentile(99)), max: late(this.#delays.max) }
        : { p99: 0, max: 0 }
    this.#delays.reset()
    this.#reported = less(this.#reported, seen)
    return lateness
  }

  stop(): void {
    this.#delays.disable()
  }

  #seen(): Steps {
    const { count, mean } = this.#delays
    return count > 0 ? { count, sum: mean * count } : NONE // without steps the mean is NaN
  }
}

const less = (one: Steps, other: Steps): Steps => ({
  count: one.count - other.count,
  sum: one.sum - other.sum,
})

/** Lateness in ms of a step that took `ns`, its own length included. */
const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
