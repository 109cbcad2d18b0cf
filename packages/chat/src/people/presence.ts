/**
 * Presence of people over all their devices. Core's sessions, which end with their node, are the source. The
 * record of a person is the last published state, so the first node that observes a change publishes it,
 * once.
 *
 * A node refreshes the users of its own connections. When another node is gone, each node refreshes the users
 * that its connections watch.
 */
import type { Timer } from '@skein/core'
import { type ChatContext, report } from '../context.ts'
import { peopleChannel } from '../conversation/conversation.ts'
import { publish } from '../events/publish.ts'
import type { PersonRecord, Status } from '../ports.ts'
import type { Person } from '../schema.ts'

const MAX_WRITE_TRIES = 10

export class Presence {
  readonly #chat: ChatContext
  readonly #timers = new Map<string, Timer>()
  /** Users who closed their last connection on this node deliberately. */
  readonly #goodbyes = new Set<string>()
  /** Connections that closed on this node and whose sessions may not be removed yet. */
  readonly #closed = new Map<string, Set<string>>()
  #stopped = false

  constructor(chat: ChatContext) {
    this.#chat = chat
  }

  /** Schedules a refresh after the presence delay, which combines further changes. */
  soon(user: string): void {
    this.#schedule(user, this.#chat.limits.presenceDelay)
  }

  closed(user: string, client: string, goodbye: boolean): void {
    const clients = this.#closed.get(user) ?? new Set()
    this.#closed.set(user, clients.add(client))
    if (goodbye) this.#goodbyes.add(user)
    else this.#goodbyes.delete(user)
    this.soon(user)
  }

  /** Reads a person's current presence and publishes it to watchers if it changed. */
  async refresh(user: string): Promise<Person> {
    const { people } = this.#chat.storage
    for (let tries = 0; tries < MAX_WRITE_TRIES; tries++) {
      const [record] = await people.persons([user])
      const status = await this.#status(user, record)
      if (status === (record?.status ?? 'offline')) return viewOf(user, record, this.#chat.clock.now())
      const next = this.#next(status, record)
      if (!(await people.setPerson(user, next, record?.rev ?? 0))) continue
      const person = viewOf(user, next, next.at)
      await this.#publish(person, next.rev)
      if (status === 'suspected') this.#schedule(user, this.#chat.limits.suspectGrace)
      return person
    }
    throw new Error(
      `the presence of ${JSON.stringify(user)} changed during each of ${MAX_WRITE_TRIES} writes`,
    )
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

  async #publish(person: Person, rev: number): Promise<void> {
    await publish(
      this.#chat,
      peopleChannel(person.user),
      { event: 'presence', ...person },
      `${person.user}:${rev}`,
    )
  }

  #schedule(user: string, ms: number): void {
    if (this.#stopped || this.#timers.has(user)) return
    const timer = this.#chat.clock.setTimeout(() => {
      this.#timers.delete(user)
      this.refresh(user)
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
