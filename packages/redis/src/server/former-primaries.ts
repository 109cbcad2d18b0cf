/**
 * Servers that a recent failover replaced. For some seconds a Sentinel may still name such a server, and a
 * server that was stopped may still believe that it is the primary. Writes that it acknowledges then are
 * lost.
 */
import type { Clock } from '@skein/core'
import { addressOf, type Endpoint } from './url.ts'

/** Sentinels notify each other within 2 s, and turn the server into a replica within some seconds more. */
const REFUSED_MS = 30_000

export class FormerPrimaries {
  readonly #clock: Clock
  /** Address -> end of the refusal, monotonic ms. */
  readonly #until = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  replaced(old: Endpoint, by: Endpoint): void {
    this.#until.set(addressOf(old), this.#clock.monotonic() + REFUSED_MS)
    this.#until.delete(addressOf(by))
  }

  /** Throws if the server is a former primary. */
  refuse(server: Endpoint): void {
    const address = addressOf(server)
    if ((this.#until.get(address) ?? Number.NEGATIVE_INFINITY) < this.#clock.monotonic()) return
    throw new Error(`${address} was the primary until a recent failover`)
  }
}
