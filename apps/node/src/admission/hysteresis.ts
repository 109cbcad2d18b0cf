/**
 * A switch over a fluctuating number: on after several high observations in a row, off after several low
 * ones.
 */
export interface HysteresisOptions {
  readonly high: number
  readonly low: number
  /** Observations in a row. */
  readonly rise: number
  readonly fall: number
}

export class Hysteresis {
  readonly #options: HysteresisOptions
  #on = false
  /** Observations in a row for the other state. */
  #against = 0

  constructor(options: HysteresisOptions) {
    this.#options = options
  }

  get on(): boolean {
    return this.#on
  }

  /** Returns the state after this observation. */
  observe(value: number): boolean {
    const { high, low, rise, fall } = this.#options
    const against = this.#on ? value < low : value >= high
    this.#against = against ? this.#against + 1 : 0
    if (this.#against >= (this.#on ? fall : rise)) {
      this.#on = !this.#on
      this.#against = 0
    }
    return this.#on
  }
}
