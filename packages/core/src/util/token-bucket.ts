/**
 * A bounded rate: `burst` at once, then `rate` a second. Whoever comes a little too early may wait for a turn, in the order of
 * coming; whoever would wait longer than `patience` is refused. One number is all its state, so that a storm costs nothing.
 */
export interface BucketOptions {
  /** A second; 0: no limit. */
  readonly rate: number
  /** 1 or more. */
  readonly burst: number
  /** The longest wait, ms. */
  readonly patience: number
}

/** `wait`: ms until it is one's turn. `retryIn`: ms until a turn could be had. */
export type Turn =
  | { readonly ok: true; readonly wait: number }
  | { readonly ok: false; readonly retryIn: number }

export class TokenBucket {
  readonly #options: BucketOptions
  readonly #now: () => number
  /** Below 0: turns that were given away before their time. */
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
