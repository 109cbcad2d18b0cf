/**
 * Bounds a rate: `burst` turns at once, then `rate` a second. A caller that is early waits for its turn; a
 * caller that would wait longer than `patience` is rejected. The state is one number, so a storm of callers
 * costs no memory.
 */
export interface BucketOptions {
  /** Turns a second; 0: no limit. */
  readonly rate: number
  /** 1 or more. */
  readonly burst: number
  /** The longest wait, ms. */
  readonly patience: number
}

/** `wait`: ms until the turn. `retryIn`: ms until a turn is available. */
export type Turn =
  | { readonly ok: true; readonly wait: number }
  | { readonly ok: false; readonly retryIn: number }

export class TokenBucket {
  readonly #options: BucketOptions
  readonly #now: () => number
  /** Below 0: turns that are granted and still ahead. */
  #tokens: number
  #at: number

  /** `now`: monotonic ms. */
  constructor(options: BucketOptions, now: () => number) {
    this.#options = options
    this.#now = now
    this.#tokens = options.burst
    this.#at = now()
  }

  take(): Turn {
    const { rate, patience } = this.#options
    if (rate <= 0) return { ok: true, wait: 0 }
    this.#refill(rate)
    const wait = Math.max(0, ((1 - this.#tokens) / rate) * 1000)
    if (wait > patience) return { ok: false, retryIn: wait - patience }
    this.#tokens--
    return { ok: true, wait }
  }

  #refill(rate: number): void {
    const now = this.#now()
    this.#tokens = Math.min(this.#options.burst, this.#tokens + ((now - this.#at) / 1000) * rate)
    this.#at = now
  }
}
