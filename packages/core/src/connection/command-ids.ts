/**
 * Detects a command id that its connection has used before: the client could not distinguish the two replies.
 * Ids grow, but SDKs that send from several threads may swap neighbours. The window covers the 32 ids up to
 * the highest (anti-replay window, RFC 4303, 3.4.3); older ids pass.
 */
export class CommandIds {
  #highest = 0
  /** Bit n represents the id `highest - n`. */
  #used = 0

  /** True when `id` was used before. Otherwise marks it as used. */
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
