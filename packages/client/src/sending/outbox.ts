/**
 * Messages that the server has not acknowledged, in the order of writing, kept in storage. One key per
 * message, so that several tabs of one user do not write over each other. What one of them has sent, the
 * others leave alone; if both send it at the same time, the server takes it once.
 */
import { ChatError } from '../errors.ts'
import type { KeyValueStorage } from '../util/storage.ts'
import type { Target } from '../wire/shapes.ts'

export interface Failure {
  /**
   * Of `ChatError`; `unknown_outcome` when it may have been sent too long ago for a repetition to be
   * recognised.
   */
  readonly reason: string
  readonly message: string
}

export interface Unsent {
  readonly clientId: string
  readonly conversation: string
  readonly body: string
  readonly replyTo?: Target
  readonly mentions?: readonly string[]
  /** Seconds, counted from when the server takes it. */
  readonly expiresIn?: number
  readonly ephemeral?: boolean
  /** Unix ms of writing. */
  readonly at: number
  /** Orders messages of the same millisecond. */
  readonly turn: number
  /** Unix ms when it was tried first; absent: never, so the server cannot have it. */
  readonly triedAt?: number
  readonly failure?: Failure
}

/** As many as are kept: a week of a talkative person offline. */
export const MAX_UNSENT_MESSAGES = 500

export class Outbox {
  readonly #storage: KeyValueStorage
  readonly #prefix: string
  readonly #problem: (error: unknown) => void
  readonly #entries = new Map<string, Unsent>()
  /** Those that storage has taken. */
  readonly #kept = new Set<string>()
  #turn = 0

  /**
   * `problem` hears when storage refuses (its quota): the message is still sent, but does not outlive the
   * page.
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
      throw new ChatError(0, `outbox_full: ${MAX_UNSENT_MESSAGES} messages are waiting`, false)
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

  /** As another tab may have left it: `undefined` when that one has sent it, or given it up. */
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

/** `undefined` for what somebody else wrote there. */
function parseUnsent(text: string | null): Unsent | undefined {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<Unsent> | null
    const { clientId, conversation, body, at } = value ?? {}
    const fits = [clientId, conversation, body].every((member) => typeof member === 'string')
    return fits && typeof at === 'number' ? (value as Unsent) : undefined
  } catch {
    return undefined // Not JSON, so it was not written here.
  }
}
