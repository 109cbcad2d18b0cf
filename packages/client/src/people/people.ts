/** Presence of observed people. Each person has a channel, which is subscribed while it is observed. */

import type { Transport } from '../connection/transport.ts'
import { Computed, type Readable } from '../util/store.ts'
import type { Person } from '../wire/shapes.ts'

/** The server's limit of watched people per connection (CHAT_LIMITS.watches). */
const MAX_WATCHED_PEOPLE = 50
/** A person who is observed again within this time stays subscribed, as in a scrolling list. */
const LINGER_MS = 5000

const PREFIX = 'people:'
const channelOf = (user: string): string => PREFIX + encodeURIComponent(user)

export const isPeopleChannel = (channel: string): boolean => channel.startsWith(PREFIX)

interface Watched {
  readonly state: Computed<Person | undefined>
  person: Person | undefined
  observers: number
  subscribed: boolean
  lingering: ReturnType<typeof setTimeout> | undefined
}

export class People {
  readonly #transport: Pick<Transport, 'subscribe' | 'unsubscribe'>
  readonly #watched = new Map<string, Watched>()

  constructor(transport: Pick<Transport, 'subscribe' | 'unsubscribe'>) {
    this.#transport = transport
  }

  /**
   * A person's presence while it is observed. `undefined` while offline, or beyond the limit of watched
   * people.
   */
  person(user: string): Readable<Person | undefined> {
    return {
      get: () => this.#watched.get(user)?.person,
      subscribe: (listener) => this.#observe(user, listener),
    }
  }

  /** Clears the known presence. The SDK resubscribes, and the replies carry the current presence. */
  offline(): void {
    for (const watched of this.#watched.values()) set(watched, undefined)
  }

  update(person: Person): void {
    const watched = this.#watched.get(person.user)
    if (watched !== undefined && (watched.person?.at ?? 0) <= person.at) set(watched, person)
  }

  #observe(user: string, listener: () => void): () => void {
    const watched = this.#watched.get(user) ?? this.#watch(user)
    clearTimeout(watched.lingering)
    watched.observers++
    const end = watched.state.subscribe(listener)
    return () => {
      end()
      watched.observers--
      if (watched.observers === 0) watched.lingering = setTimeout(() => this.#unwatch(user), LINGER_MS)
    }
  }

  #watch(user: string): Watched {
    const watched: Watched = {
      state: new Computed(() => watched.person),
      person: undefined,
      observers: 0,
      subscribed: false,
      lingering: undefined,
    }
    this.#watched.set(user, watched)
    this.#fill()
    return watched
  }

  #unwatch(user: string): void {
    const watched = this.#watched.get(user)
    this.#watched.delete(user)
    if (watched?.subscribed === true) this.#transport.unsubscribe(channelOf(user))
    this.#fill()
  }

  /** Subscribes in the order of observation, up to the limit. */
  #fill(): void {
    let subscribed = [...this.#watched.values()].filter((watched) => watched.subscribed).length
    for (const [user, watched] of this.#watched) {
      if (watched.subscribed || subscribed >= MAX_WATCHED_PEOPLE) continue
      watched.subscribed = true
      subscribed++
      this.#transport.subscribe(channelOf(user), undefined)
    }
  }
}

function set(watched: Watched, person: Person | undefined): void {
  watched.person = person
  watched.state.changed()
}
