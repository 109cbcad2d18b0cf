/**
 * A counter for hot paths, which costs one addition. prom-client's own hashes the labels at each increment.
 * This class passes its values to prom-client at each scrape.
 */
import { Counter, type Registry } from 'prom-client'

/** As many values as there are names. */
type ValuesOf<Names extends readonly string[]> = { readonly [At in keyof Names]: string }

export class Tally<const Names extends readonly string[]> {
  /** In the order of their first occurrence. */
  readonly #counts: Count[] = []
  readonly #root = new Branch()

  constructor(registry: Registry, name: string, help: string, labelNames: Names) {
    const counts = this.#counts
    new Counter<string>({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset()
        for (const { values, sum } of counts)
          this.inc(Object.fromEntries(labelNames.map((label, at) => [label, values[at] ?? ''])), sum)
      },
    })
  }

  /** `values`: of the labels, in their order. */
  add(values: ValuesOf<Names>, by = 1): void {
    let branch = this.#root
    for (const value of values) branch = branch.to(value)
    branch.count ??= this.#begin(values)
    branch.count.sum += by
  }

  #begin(values: readonly string[]): Count {
    const count = { values, sum: 0 }
    this.#counts.push(count)
    return count
  }
}

interface Count {
  readonly values: readonly string[]
  sum: number
}

/** A Map for each label. A joined key would be a string to build and to hash, at more than twice the cost. */
class Branch {
  count: Count | undefined
  readonly #next = new Map<string, Branch>()

  to(value: string): Branch {
    const known = this.#next.get(value)
    if (known !== undefined) return known
    const added = new Branch()
    this.#next.set(value, added)
    return added
  }
}
