/** A yes or no about a number that swings: yes once it has been high for a while, no once it has been low for a while. */
export interface HysteresisOptions {
  readonly high: number
  readonly low: number
  /** Looks in a row. */
  readonly rise: number
  readonly fall: number
}

export class Hysteresis {
  readonly #options: HysteresisOptions
  #on = false
  /** Looks in a row that speak for the other state. */
  #against = 0

  constructor(options: HysteresisOptions) {
    this.#options = options
  }

  get on(): boolean {
    return this.#on
  }

  /** One look. Returns what holds now. */
  look(value: number): boolean {
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
