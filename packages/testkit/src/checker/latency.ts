/**
 * Delays of deliveries by group of clients and second, in buckets of about 2 %: precise enough to compare two
 * periods.
 */

/** Buckets per doubling; the first is up to 1/8 ms. */
const STEPS = 32
const BUCKETS = 24 * STEPS
const LEAST = 0.125

export class Latency {
  /** Group -> second -> deliveries by bucket. */
  readonly #groups = new Map<string, Map<number, Uint32Array>>()
  #slowest = 0

  add(group: string, at: number, ms: number): void {
    this.#slowest = Math.max(this.#slowest, ms)
    const seconds = this.#groups.get(group) ?? new Map<number, Uint32Array>()
    this.#groups.set(group, seconds)
    const second = Math.floor(at / 1000)
    const buckets = seconds.get(second) ?? new Uint32Array(BUCKETS)
    seconds.set(second, buckets)
    const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.round(Math.log2(ms / LEAST) * STEPS)))
    buckets[bucket] = (buckets[bucket] ?? 0) + 1
  }

  /** The slowest of all, ms. */
  get slowest(): number {
    return Math.round(this.#slowest)
  }

  /**
   * Milliseconds within which the given share (0.99: p99) arrived, of one group, for each whole second
   * between two moments; a second without deliveries has none. Seconds are kept apart, since a short halt of
   * the machine spoils one of them only.
   */
  quantiles(group: string, share: number, from: number, to: number): number[] {
    const quantiles: number[] = []
    for (const [second, buckets] of this.#groups.get(group) ?? [])
      if (second * 1000 >= from && second * 1000 + 1000 <= to) quantiles.push(quantile(buckets, share))
    return quantiles
  }
}

function quantile(buckets: Uint32Array, share: number): number {
  const wanted = buckets.reduce((all, count) => all + count, 0) * share
  let seen = 0
  for (const [at, count] of buckets.entries()) {
    seen += count
    if (count > 0 && seen >= wanted) return LEAST * 2 ** (at / STEPS)
  }
  return 0
}
