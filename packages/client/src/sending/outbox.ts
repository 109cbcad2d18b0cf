/**
 * Messages that the server has not acknowledged, in the order of writing, kept in storage. Each message has
 * its own key, so several tabs of one user do not overwrite each other. If two tabs send the same message,
 * the server accepts it once.
 */
import { ChatError } from '../errors.ts'
import type { KeyValueStorage } from '../util/storage.ts'
import type { Target } from '../wire/shapes.ts'

export interface Failure {
  /** The reason of `ChatError`, or `unknown_outcome` when the server no longer recognises a repetition. */
  readonly reason: string
  readonly message: string
}

export interface Unsent {
  readonly clientId: string
  readonly conversation: string
  readonly body: string
  readonly replyTo?: Target
  readonly mentions?: readonly string[]
  /** Seconds after the server accepts it. */
  readonly expiresIn?: number
  readonly ephemeral?: boolean
  /** Time of writing, Unix ms. */
  readonly at: number
  /** Orders messages of the same millisecond. */
  readonly turn: number
  /** Time of the first attempt, Unix ms. Absent: never sent, so the server cannot have it. */
  readonly triedAt?: number
  readonly failure?: Failure
}

/** Maximum number of unsent messages: a week of an active user offline. */
export const MAX_UNSENT_MESSAGES = 500

export class Outbox {
  readonly #storage: KeyValueStorage
  readonly #prefix: string
  readonly #problem: (error: unknown) => void
  readonly #entries = new Map<string, Unsent>()
  /** Messages that are in storage. */
  readonly #kept = new Set<string>()
  #turn = 0

  /**
   * Calls `problem` when storage rejects a message (quota). The message is still sent, but does not survive
   * the page.
   */
  constructor(storage: KeyValueStorage, user: string, problem: (error: unknown) => void) {
    this.#storage = storage
    this.#problem = problem
    this.#prefix = `skein.outbox.${user}.`
    for (const entry of this.#stored()) {
      this.#entries.set(entry.clientId, entry)
      this.#kept.add(entry.clientId)
    }
  }

  get size(): number {
    return this.#entries.size
  }

  /** In the order of writing. */
  list(): Unsent[] {
    return [...this.#entries.values()].sort((a, b) => a.at - b.at || a.turn - b.turn)
  }

  get(clientId: string): Unsent | undefined {
    return this.#entries.get(clientId)
  }

  /** Throws `outbox_full`. */
  add(unsent: Omit<Unsent, 'turn'>): Unsent {
    if (this.#entries.size >= MAX_UNSENT_MESSAGES) {
      throw new ChatError(
        0,
        `outbox_full: ${MAX_UNSENT_MESSAGES} unsent messages: remove some, or wait for the connection`,
        false,
      )
    }
    this.#turn += 1
    const entry = { ...unsent, turn: this.#turn }
    this.#put(entry)
    return entry
  }

  update(clientId: string, change: (entry: Unsent) => Unsent): Unsent | undefined {
    const entry = this.#entries.get(clientId)
    if (entry === undefined) return undefined
    const next = change(entry)
    this.#put(next)
    return next
  }

  /** The entry as another tab left it; `undefined` when that tab sent or removed it. */
  current(clientId: string): Unsent | undefined {
    if (!this.#kept.has(clientId)) return this.#entries.get(clientId)
    const stored = parseUnsent(this.#storage.getItem(this.#prefix + clientId))
    if (stored === undefined) this.remove(clientId)
    else this.#entries.set(clientId, stored)
    return stored
  }

  remove(clientId: string): boolean {
    this.#kept.delete(clientId)
    this.#storage.removeItem(this.#prefix + clientId)
    return this.#entries.delete(clientId)
  }

  #put(entry: Unsent): void {
    this.#entries.set(entry.clientId, entry)
    try {
      this.#storage.setItem(this.#prefix + entry.clientId, JSON.stringify(entry))
      this.#kept.add(entry.clientId)
    } catch (error) {
      this.#problem(error)
    }
  }

  *#stored(): Iterable<Unsent> {
    const keys = Array.from({ length: this.#storage.length }, (_, at) => this.#storage.key(at))
    for (const key of keys) {
      if (key?.startsWith(this.#prefix) !== true) continue
      const entry = parseUnsent(this.#storage.getItem(key))
      if (entry !== undefined) yield entry
    }
  }
}

/** `undefined` for an invalid entry. */
function parseUnsent(text: string | null): Unsent | undefined {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<Unsent> | null
    const { clientId, conversation, body, at } = value ?? {}
    const fits = [clientId, conversation, body].every((member) => typeof member === 'string')
    return fits && typeof at === 'number' ? (value as Unsent) : undefined
  } catch {
    return undefined // Not JSON: not an entry of this outbox.
  }
}
