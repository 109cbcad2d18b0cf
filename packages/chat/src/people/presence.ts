/**
 * Presence of people, over all their devices. What counts are core's sessions, which end with their node; the record of a
 * person is what was said last, so that every change is said once, by whichever node finds it first.
 *
 * Changes come from connections of this node. When another node goes, nobody is left to tell of its users: then every
 * node looks at those whom its own connections watch.
 */
import type { Timer } from '@skein/core'
import { type ChatContext, report } from '../context.ts'
import { peopleChannel } from '../conversation/conversation.ts'
import { publish } from '../events/publish.ts'
import type { PersonRecord, Status } from '../ports.ts'
import type { Person } from '../schema.ts'

const TRIES = 10

export class Presence {
  readonly #chat: ChatContext
  readonly #timers = new Map<string, Timer>()
  /** Users whose last connection here said goodbye. */
  readonly #goodbyes = new Set<string>()
  /** Connections that closed here, whose sessions may still be on their way out. */
  readonly #closed = new Map<string, Set<string>>()
  #stopped = false

  constructor(chat: ChatContext) {
    this.#chat = chat
  }

  /** Something changed: looked at after a while, together with what else changes by then. */
  soon(user: string): void {
    this.#later(user, this.#chat.limits.presenceDelay)
  }

  closed(user: string, client: string, goodbye: boolean): void {
    const clients = this.#closed.get(user) ?? new Set()
    this.#closed.set(user, clients.add(client))
    if (goodbye) this.#goodbyes.add(user)
    else this.#goodbyes.delete(user)
    this.soon(user)
  }

  /** How the person is now; a change is told to whoever watches. */
  async look(user: string): Promise<Person> {
    const { people } = this.#chat.storage
    for (let tries = 0; tries < TRIES; tries++) {
      const [record] = await people.persons([user])
      const status = await this.#status(user, record)
      if (status === (record?.status ?? 'offline')) return viewOf(user, record, this.#chat.clock.now())
      const next = this.#next(status, record)
      if (!(await people.setPerson(user, next, record?.rev ?? 0))) continue
      const person = viewOf(user, next, next.at)
      await this.#tell(person, next.rev)
      if (status === 'suspected') this.#later(user, this.#chat.limits.suspectGrace)
      return person
    }
    throw new Error(`${TRIES} conflicts in a row on one person`)
  }

  stop(): void {
    this.#stopped = true
    for (const timer of this.#timers.values()) this.#chat.clock.clearTimeout(timer)
    this.#timers.clear()
  }

  async #status(user: string, record: PersonRecord | undefined): Promise<Status> {
    const { node, storage, clock, limits } = this.#chat
    const closed = this.#closed.get(user)
    const sessions = (await node.sessions(user)).filter(({ client }) => closed?.has(client) !== true)
    if (sessions.length > 0) {
      const away = new Set(
        (await storage.people.connections(user)).filter((c) => c.away).map(({ client }) => client),
      )
      return sessions.every(({ client }) => away.has(client)) ? 'away' : 'online'
    }
    const was = record?.status ?? 'offline'
    if (was === 'offline' || this.#goodbyes.has(user)) return 'offline'
    if (was === 'suspected') {
      return clock.now() - (record?.at ?? 0) >= limits.suspectGrace ? 'offline' : 'suspected'
    }
    return 'suspected'
  }

  #next(status: Status, record: PersonRecord | undefined): PersonRecord {
    const at = this.#chat.clock.now()
    const rev = (record?.rev ?? 0) + 1
    if (status === 'online' || status === 'away') return { status, at, rev }
    return { status, at, rev, lastSeen: record?.lastSeen ?? at }
  }

  async #tell(person: Person, rev: number): Promise<void> {
    await publish(
      this.#chat,
      peopleChannel(person.user),
      { event: 'presence', ...person },
      `${person.user}:${rev}`,
    )
  }

  #later(user: string, ms: number): void {
    if (this.#stopped || this.#timers.has(user)) return
    const timer = this.#chat.clock.setTimeout(() => {
      this.#timers.delete(user)
      this.look(user)
        .catch((error: unknown) => report(this.#chat, 'presence', error))
        .finally(() => this.#forget(user))
    }, ms)
    this.#timers.set(user, timer)
  }

  #forget(user: string): void {
    if (this.#timers.has(user)) return
    this.#closed.delete(user)
    this.#goodbyes.delete(user)
  }
}

function viewOf(user: string, record: PersonRecord | undefined, now: number): Person {
  if (record === undefined) return { user, status: 'offline', at: now }
  const { status, at, lastSeen } = record
  return { user, status, at, ...(lastSeen !== undefined && { lastSeen }) }
}
