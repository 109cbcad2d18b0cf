/**
 * Histograms of seconds by one label, as cheap as a `Tally`: prom-client's own check and hash their labels at each
 * observation, those of a child (`labels()`) too, for eight times the cost.
 */
import type { Histogram, Registry } from 'prom-client'

/** From a millisecond on a quiet machine to what a person gives up at. Seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export class Durations {
  readonly #observed = new Map<string, Observed>()

  constructor(registry: Registry, name: string, help: string, label: string) {
    const observed = this.#observed
    const head = { name, help, type: 'histogram', aggregator: 'sum' }
    const get = async () => ({
      ...head,
      values: [...observed].flatMap(([value, one]) => one.values(name, { [label]: value })),
    })
    // No more than this is asked of a metric (prom-client 15, `registry.js`), though the type says a whole Histogram.
    registry.registerMetric({ ...head, labelNames: [label], get } as unknown as Histogram)
  }

  /** `value`: of the label. */
  add(value: string, seconds: number): void {
    const observed = this.#observed.get(value) ?? this.#begin(value)
    observed.add(seconds)
  }

  #begin(value: string): Observed {
    const observed = new Observed()
    this.#observed.set(value, observed)
    return observed
  }
}

class Observed {
  /** Each bucket without those below it. What is above the last bound is in `#count` only. */
  readonly #buckets = BOUNDS.map((bound) => ({ bound, count: 0 }))
  #count = 0
  #sum = 0

  add(seconds: number): void {
    const bucket = this.#buckets.find(({ bound }) => seconds <= bound)
    if (bucket !== undefined) bucket.count += 1
    this.#count += 1
    this.#sum += seconds
  }

  /** As Prometheus has them: each bucket with those below it. */
  values(name: string, labels: Readonly<Record<string, string>>) {
    let sum = 0
    const buckets = this.#buckets.map(({ bound, count }) => {
      sum += count
      return { labels: { le: bound, ...labels }, value: sum, metricName: `${name}_bucket` }
    })
    return [
      ...buckets,
      { labels: { le: '+Inf', ...labels }, value: this.#count, metricName: `${name}_bucket` },
      { labels, value: this.#sum, metricName: `${name}_sum` },
      { labels, value: this.#count, metricName: `${name}_count` },
    ]
  }
}
