/**
 * Finds a command id that was used before on its connection: two commands with one id get replies that the client cannot
 * tell apart. Ids grow, though SDKs that send from several threads may swap neighbours, so the last 32 are remembered
 * below the highest (the anti-replay window of RFC 4303, 3.4.3); what is older is let through.
 */
export class CommandIds {
  #highest = 0
  /** Bit n: the id `highest - n` was used. */
  #used = 0

  /** True when `id` was used before; otherwise it is from now on. */
  repeated(id: number): boolean {
    const ahead = id - this.#highest
    if (ahead > 0) {
      this.#used = ahead >= 32 ? 1 : (this.#used << ahead) | 1
      this.#highest = id
      return false
    }
    if (ahead <= -32) return false
    const bit = 1 << -ahead
    if ((this.#used & bit) !== 0) return true
    this.#used |= bit
    return false
  }
}
