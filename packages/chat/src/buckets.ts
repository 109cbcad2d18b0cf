/** Token buckets of this node's connections. */
interface Bucket {
  tokens: number
  at: number
}

export class Buckets {
  readonly #burst: number
  readonly #perSecond: number
  readonly #buckets = new Map<string, Bucket>()

  constructor(burst: number, perSecond: number) {
    this.#burst = burst
    this.#perSecond = perSecond
  }

  /** Takes one token; returns 0, or the ms until there is one. */
  take(key: string, now: number): number {
    const bucket = this.#buckets.get(key) ?? { tokens: this.#burst, at: now }
    this.#buckets.set(key, bucket)
    bucket.tokens = Math.min(this.#burst, bucket.tokens + ((now - bucket.at) * this.#perSecond) / 1000)
    bucket.at = now
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * 1000) / this.#perSecond)
    bucket.tokens -= 1
    return 0
  }

  forget(key: string): void {
    this.#buckets.delete(key)
  }
}
