/** Presence of the people that somebody here looks at. */
import type { CallServer } from './calls.ts'
import { toChatError } from './errors.ts'
import type { Person } from './shapes.ts'
import { Computed, type Readable } from './store.ts'

/** As many as the server lets one connection watch (CHAT_LIMITS.watches). */
const MOST_WATCHED = 50
/** Who is looked at again within this time, as a list scrolls by, is not given up in between. ms */
const LINGER_MS = 5000

interface Watched {
  readonly state: Computed<Person | undefined>
  person: Person | undefined
  lookers: number
  lingering: ReturnType<typeof setTimeout> | undefined
}

export class People {
  readonly #call: CallServer
  readonly #problem: (error: unknown) => void
  readonly #watched = new Map<string, Watched>()
  readonly #asked = new Set<string>()
  #online = false
  #planned = false

  constructor(call: CallServer, problem: (error: unknown) => void) {
    this.#call = call
    this.#problem = problem
  }

  /**
   * A person's presence, for as long as somebody is subscribed to it; `undefined` while unknown: offline oneself, or more
   * people are looked at than the server shows to one connection.
   */
  person(user: string): Readable<Person | undefined> {
    return {
      get: () => this.#watched.get(user)?.person,
      subscribe: (listener) => this.#look(user, listener),
    }
  }

  online(): void {
    this.#online = true
    this.#asked.clear()
    this.#plan()
  }

  /** What was known may not hold any more. */
  offline(): void {
    this.#online = false
    for (const watched of this.#watched.values()) this.#set(watched, undefined)
  }

  heard(person: Person): void {
    const watched = this.#watched.get(person.user)
    if (watched !== undefined && (watched.person?.at ?? 0) <= person.at) this.#set(watched, person)
  }

  #look(user: string, listener: () => void): () => void {
    const watched = this.#watch(user)
    clearTimeout(watched.lingering)
    watched.lookers++
    const end = watched.state.subscribe(listener)
    this.#plan()
    return () => {
      end()
      watched.lookers--
      if (watched.lookers === 0) watched.lingering = setTimeout(() => this.#unwatch(user), LINGER_MS)
    }
  }

  #watch(user: string): Watched {
    const known = this.#watched.get(user)
    if (known !== undefined) return known
    const watched: Watched = {
      state: new Computed(() => watched.person),
      person: undefined,
      lookers: 0,
      lingering: undefined,
    }
    this.#watched.set(user, watched)
    return watched
  }

  #unwatch(user: string): void {
    this.#watched.delete(user)
    if (this.#asked.delete(user) && this.#online) {
      this.#call('chat.presence.unwatch', { users: [user] }).catch(this.#trouble)
    }
    // There is room for another one.
    this.#plan()
  }

  /** One call for all who come into view together. */
  #plan(): void {
    if (this.#planned || !this.#online) return
    this.#planned = true
    queueMicrotask(() => {
      this.#planned = false
      void this.#ask()
    })
  }

  async #ask(): Promise<void> {
    const missing = [...this.#watched.keys()].filter((user) => !this.#asked.has(user))
    const users = missing.slice(0, Math.max(0, MOST_WATCHED - this.#asked.size))
    if (!this.#online || users.length === 0) return
    for (const user of users) this.#asked.add(user)
    try {
      const { people } = await this.#call('chat.presence.watch', { users })
      for (const person of people) this.heard(person)
    } catch (error) {
      for (const user of users) this.#asked.delete(user)
      this.#trouble(error)
    }
  }

  readonly #trouble = (thrown: unknown): void => {
    const error = toChatError(thrown)
    if (!error.unreached) this.#problem(error)
  }

  #set(watched: Watched, person: Person | undefined): void {
    watched.person = person
    watched.state.changed()
  }
}
