/**
 * Servers that Sentinels have just named as primaries of the past. For some seconds one Sentinel may still send us to them, and
 * one of them that stood still may still believe in itself: what it acknowledges then is lost.
 */
import type { Socket } from 'node:net'
import type { Clock } from '@skein/core'
import { addressOf, type Endpoint } from './url.ts'

/** Sentinels tell each other within 2 s, and turn such a server into a replica within some more. */
const REMEMBERED_MS = 30_000

export class FormerPrimaries {
  readonly #clock: Clock
  /** Address -> until when, monotonic ms. */
  readonly #until = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  replaced(old: Endpoint, by: Endpoint): void {
    this.#until.set(addressOf(old), this.#clock.monotonic() + REMEMBERED_MS)
    this.#until.delete(addressOf(by))
  }

  /** Throws where the connection is to one of them. */
  refuse(stream: Pick<Socket, 'remoteAddress' | 'remotePort'> | undefined): void {
    const { remoteAddress: host = '', remotePort: port = 0 } = stream ?? {}
    const address = addressOf({ host, port })
    if ((this.#until.get(address) ?? Number.NEGATIVE_INFINITY) < this.#clock.monotonic()) return
    throw new Error(`${address} was the primary until a moment ago`)
  }
}
