/** A histogram of seconds with one label. */
import { Histogram, type Registry } from 'prom-client'

/** Seconds: from a millisecond on a quiet machine to the patience of a person. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export class Durations {
  readonly #histogram: Histogram<string>
  readonly #label: string

  constructor(registry: Registry, name: string, help: string, label: string) {
    this.#histogram = new Histogram({
      name,
      help,
      labelNames: [label],
      buckets: BUCKETS,
      registers: [registry],
    })
    this.#label = label
  }

  /** `value`: of the label. */
  add(value: string, seconds: number): void {
    this.#histogram.observe({ [this.#label]: value }, seconds)
  }
}
