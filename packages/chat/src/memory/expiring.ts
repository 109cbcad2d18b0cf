/** A map whose entries expire. Each `set` removes some expired entries. */
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
    this.#entries.delete(key) // keeps the map in the order of the last `set`
    this.#entries.set(key, { value, end: this.#now() + ttl * 1000 })
  }

  /** Replaces the value and keeps its expiry. */
  replace(key: string, value: V): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined) entry.value = value
  }

  /** Checks the oldest four entries only; repeated calls reach all entries. */
  #sweep(): void {
    let checked = 0
    for (const [key, { end }] of this.#entries) {
      if (++checked > 4) return
      if (end <= this.#now()) this.#entries.delete(key)
    }
  }
}
