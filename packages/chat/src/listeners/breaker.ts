/** A circuit breaker: after consecutive failures it pauses deliveries, then permits one trial. */
export interface BreakerOptions {
  /** Consecutive failures that open it. */
  readonly failures: number
  /** Time from opening to the trial, in ms. */
  readonly rest: number
}

export const BREAKER: BreakerOptions = { failures: 5, rest: 30_000 }

export type BreakerState = 'closed' | 'open' | 'half-open'

export class Breaker {
  readonly #options: BreakerOptions
  #failed = 0
  #openedAt: number | undefined
  #trial = false

  constructor(options: BreakerOptions) {
    this.#options = options
  }

  state(now: number): BreakerState {
    if (this.#openedAt === undefined) return 'closed'
    return now - this.#openedAt >= this.#options.rest ? 'half-open' : 'open'
  }

  /** Number of deliveries that may begin now. */
  room(now: number, most: number): number {
    const state = this.state(now)
    if (state === 'closed') return most
    return state === 'half-open' && !this.#trial ? 1 : 0
  }

  begin(now: number): void {
    if (this.state(now) === 'half-open') this.#trial = true
  }

  succeeded(): void {
    this.#failed = 0
    this.#openedAt = undefined
    this.#trial = false
  }

  failed(now: number): void {
    this.#failed++
    this.#trial = false
    if (this.#openedAt !== undefined || this.#failed >= this.#options.failures) this.#openedAt = now
  }
}
