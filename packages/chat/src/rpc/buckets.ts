/** Token buckets by key, in the memory of one node. */
interface Bucket {
  tokens: number
  at: number
}

/** Number of buckets at which full buckets are removed; a full bucket equals a missing one. */
const MIN_SWEEP_SIZE = 10_000

export class Buckets {
  readonly #burst: number
  readonly #perSecond: number
  readonly #buckets = new Map<string, Bucket>()
  #sweepAt = MIN_SWEEP_SIZE

  constructor(burst: number, perSecond: number) {
    this.#burst = burst
    this.#perSecond = perSecond
  }

  /** Takes one token and returns 0, or returns the ms until the next token. */
  take(key: string, now: number): number {
    const bucket = this.#buckets.get(key) ?? this.#add(key, now)
    bucket.tokens = Math.min(this.#burst, bucket.tokens + ((now - bucket.at) * this.#perSecond) / 1000)
    bucket.at = now
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * 1000) / this.#perSecond)
    bucket.tokens -= 1
    return 0
  }

  #add(key: string, now: number): Bucket {
    if (this.#buckets.size >= this.#sweepAt) this.#sweep(now)
    const bucket = { tokens: this.#burst, at: now }
    this.#buckets.set(key, bucket)
    return bucket
  }

  #sweep(now: number): void {
    const full = (this.#burst * 1000) / this.#perSecond
    for (const [key, { at }] of this.#buckets) if (now - at >= full) this.#buckets.delete(key)
    this.#sweepAt = Math.max(MIN_SWEEP_SIZE, this.#buckets.size * 2)
  }

  forget(key: string): void {
    this.#buckets.delete(key)
  }
}
