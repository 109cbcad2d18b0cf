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

export class LoopDelay {
  readonly #delays = monitorEventLoopDelay({ resolution: STEP })
  /** Of the steps that {@link lately} has told of: how many, and their sum, ns. */
  #told = { count: 0, sum: 0 }

  constructor() {
    this.#delays.enable()
  }

  /** Mean lateness since it was last asked for, ms. */
  lately(): number {
    const { count } = this.#delays
    // NaN where there was no step yet.
    const sum = count > 0 ? this.#delays.mean * count : 0
    const steps = count - this.#told.count
    const mean = steps > 0 ? (sum - this.#told.sum) / steps : 0
    this.#told = { count, sum }
    return late(mean)
  }

  /** Of all steps since the last call. */
  collect(): Lateness {
    const { count } = this.#delays
    const seen = count > 0 ? { p99: late(this.#delays.percentile(99)), max: late(this.#delays.max) } : NONE
    this.#delays.reset()
    this.#told = { count: 0, sum: 0 }
    return seen
  }

  stop(): void {
    this.#delays.disable()
  }
}

const NONE: Lateness = { p99: 0, max: 0 }

/** ns of a step, the step itself included -> ms. */
const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - STEP)
