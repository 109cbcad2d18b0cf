/** A map whose entries end. What has ended is let go of as others are set. */
export class Expiring<V> {
  readonly #entries = new Map<string, { value: V; end: number }>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key)
    return entry === undefined || entry.end <= this.#now() ? undefined : entry.value
  }

  /** `ttl` in seconds. */
  set(key: string, value: V, ttl: number): void {
    this.#sweep()
    this.#entries.delete(key) // so that insertion order is the order of setting
    this.#entries.set(key, { value, end: this.#now() + ttl * 1000 })
  }

  /** Keeps the time that the entry has. */
  replace(key: string, value: V): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined) entry.value = value
  }

  /** Looks at the oldest few only: over time at all of them. */
  #sweep(): void {
    let looked = 0
    for (const [key, { end }] of this.#entries) {
      if (++looked > 4) return
      if (end <= this.#now()) this.#entries.delete(key)
    }
  }
}
