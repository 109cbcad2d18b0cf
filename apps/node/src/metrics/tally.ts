/**
 * Counters by label values that cost an addition where things happen: prom-client's own hash their labels at each step,
 * too much for paths that run a hundred thousand times a second. Values are handed over when they are scraped.
 */
import { Counter, type Registry } from 'prom-client'

export class Tally {
  /** By label values joined with newlines, which no label value holds. */
  readonly #counts = new Map<string, number>()

  constructor(registry: Registry, name: string, help: string, labelNames: readonly string[]) {
    const counts = this.#counts
    new Counter({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      collect() {
        this.reset()
        for (const [key, count] of counts) {
          const values = key.split('\n')
          this.inc(Object.fromEntries(labelNames.map((label, i) => [label, values[i] ?? ''])), count)
        }
      },
    })
  }

  /** `key`: the label values in their order, joined with a newline. */
  add(key: string, by = 1): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + by)
  }
}
