/** Display names, loaded once and in batches. */
import type { CallServer } from '../calls.ts'
import { toChatError } from '../errors.ts'
import { Computed, type Readable } from '../util/store.ts'

/** The server's limit of users per call. */
const MAX_USERS_PER_CALL = 100

export class Profiles {
  readonly #call: CallServer
  readonly #problem: (error: unknown) => void
  readonly #names = new Map<string, string>()
  readonly #missing = new Set<string>()
  readonly #changed = new Computed<ReadonlyMap<string, string>>(() => new Map(this.#names))
  #online = false
  #planned = false

  constructor(call: CallServer, problem: (error: unknown) => void) {
    this.#call = call
    this.#problem = problem
  }

  /** All known names. */
  get state(): Readable<ReadonlyMap<string, string>> {
    return this.#changed
  }

  /** The name, or the user id until the name is loaded. Requests an unknown name. */
  name(user: string): string {
    const known = this.#names.get(user)
    if (known === undefined && user !== '' && !this.#missing.has(user)) {
      this.#missing.add(user)
      this.#plan()
    }
    return known ?? user
  }

  online(): void {
    this.#online = true
    // Names may have changed while offline.
    for (const user of this.#names.keys()) this.#missing.add(user)
    this.#plan()
  }

  offline(): void {
    this.#online = false
  }

  #plan(): void {
    if (this.#planned || !this.#online || this.#missing.size === 0) return
    this.#planned = true
    queueMicrotask(() => {
      this.#planned = false
      void this.#load()
    })
  }

  async #load(): Promise<void> {
    const users = [...this.#missing].slice(0, MAX_USERS_PER_CALL)
    try {
      const { profiles } = await this.#call('chat.profiles', { users })
      for (const { user, name } of profiles) this.#names.set(user, name)
      for (const user of users) {
        this.#missing.delete(user)
        if (!this.#names.has(user)) this.#names.set(user, user)
      }
      this.#changed.changed()
      this.#plan()
    } catch (thrown) {
      const error = toChatError(thrown)
      if (!error.unreached) this.#problem(error)
    }
  }
}
