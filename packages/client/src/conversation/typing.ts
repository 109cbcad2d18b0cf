/** Typing indicators: of the other users, and this user's notice to them. */
import type { CallServer } from '../calls.ts'
import { toChatError } from '../errors.ts'
import { Computed } from '../util/store.ts'

/** The server's indicator lasts 6 s (CHAT_LIMITS.typingTtl), so it is repeated well before. */
const NOTICE_REPEAT_MS = 3000
/** Bounds an indicator when the clocks of page and server differ. */
const MAX_INDICATOR_MS = 10_000
/** Minimum display of an indicator when the clocks differ. */
const MIN_INDICATOR_MS = 1000

/** The indicators of other users, each with its expiry. */
export class Typists {
  readonly #now: () => number
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()
  readonly state = new Computed<readonly string[]>(() => [...this.#timers.keys()])

  constructor(now: () => number) {
    this.#now = now
  }

  typing(user: string, active: boolean, expiresAt: number): void {
    if (!active) {
      this.stop(user)
      return
    }
    const ms = Math.min(Math.max(expiresAt - this.#now(), MIN_INDICATOR_MS), MAX_INDICATOR_MS)
    const known = this.#timers.get(user)
    clearTimeout(known)
    this.#timers.set(
      user,
      setTimeout(() => this.stop(user), ms),
    )
    if (known === undefined) this.state.changed()
  }

  stop(user: string): void {
    clearTimeout(this.#timers.get(user))
    if (this.#timers.delete(user)) this.state.changed()
  }

  clear(): void {
    for (const user of [...this.#timers.keys()]) this.stop(user)
  }
}

/** This user's indicator: sent at a limited rate, and withdrawn once. */
export class TypingNotice {
  readonly #call: CallServer
  readonly #conversation: string
  readonly #now: () => number
  #notifiedAt: number | undefined

  constructor(call: CallServer, conversation: string, now: () => number) {
    this.#call = call
    this.#conversation = conversation
    this.#now = now
  }

  set(active: boolean): void {
    if (active ? this.#now() - (this.#notifiedAt ?? 0) < NOTICE_REPEAT_MS : this.#notifiedAt === undefined)
      return
    this.#notifiedAt = active ? this.#now() : undefined
    // The indicator expires, so a lost notice needs no report.
    this.#call('chat.typing', { conversation: this.#conversation, active }).catch(toChatError)
  }

  /** A message ends the indicator for the others. */
  sent(): void {
    this.#notifiedAt = undefined
  }
}
