/**
 * How late the event loop runs: one measurement for admission, which asks once a second, and for Prometheus, which asks
 * when it likes. Each step wakes the process, so that on a machine with many idle nodes it is the steps that cost; a second
 * measurement, as among prom-client's own metrics, would wake it as often again.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Of the measurement, ms: what is shorter is no delay, and twenty wakings a second are not to be noticed. */
const STEP = 50

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
  readonly #delays = monitorEventLoopDelay({ resolution: STEP })
  /** What {@link lately} has told of already; less than nothing where a collection came between. */
  #told: Steps = NONE

  constructor() {
    this.#delays.enable()
  }

  /** Mean lateness since it was last asked for, ms. */
  lately(): number {
    const seen = this.#seen()
    const { count, sum } = less(seen, this.#told)
    this.#told = seen
    return count > 0 ? late(sum / count) : 0
  }

  /** Of all steps since the last call. */
  collect(): Lateness {
    const seen = this.#seen()
    const lateness =
      seen.count > 0
        ? { p99: late(this.#delays.percentile(99)), max: late(this.#delays.max) }
        : { p99: 0, max: 0 }
    this.#delays.reset()
    this.#told = less(this.#told, seen)
    return lateness
  }

  stop(): void {
    this.#delays.disable()
  }

  #seen(): Steps {
    const { count, mean } = this.#delays
    return count > 0 ? { count, sum: mean * count } : NONE // the mean of none is NaN
  }
}

const less = (one: Steps, other: Steps): Steps => ({
  count: one.count - other.count,
  sum: one.sum - other.sum,
})

/** ns of a step, the step itself included -> ms. */
const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - STEP)
