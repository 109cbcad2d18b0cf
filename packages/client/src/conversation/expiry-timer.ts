import type { Item } from '../wire/shapes.ts'

/** The maximum delay of `setTimeout`. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

/** Calls back when the next of the items expires. */
export class ExpiryTimer {
  readonly #expired: () => void
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(expired: () => void) {
    this.#expired = expired
  }

  /** Replaces the earlier schedule. */
  schedule(items: readonly Item[], now: number): void {
    clearTimeout(this.#timer)
    const ends = items.flatMap(({ expiresAt }) => expiresAt ?? [])
    if (ends.length === 0) return
    const wait = Math.min(Math.max(Math.min(...ends) - now, 0), MAX_TIMEOUT_MS)
    this.#timer = setTimeout(this.#expired, wait)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
