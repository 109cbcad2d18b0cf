/** Who is writing, and telling the others that one is. */
import type { CallServer } from '../calls.ts'
import { toChatError } from '../errors.ts'
import { Computed } from '../util/store.ts'

/** The server's indicator stands for 6 s (CHAT_LIMITS.typingTtl): repeated well before. */
const NOTICE_REPEAT_MS = 3000
/** Whatever the server's clock says. */
const MAX_INDICATOR_MS = 10_000
/** Clocks differ; an indicator is shown at least this long. */
const MIN_INDICATOR_MS = 1000

/** The others' indicators, each with its end. */
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

/** One's own indicator: told at most every few seconds, and taken back. */
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
    // It passes by itself and is no reason to trouble anybody.
    this.#call('chat.typing', { conversation: this.#conversation, active }).catch(toChatError)
  }

  /** A message ends it for the others by itself. */
  sent(): void {
    this.#notifiedAt = undefined
  }
}
