/** Sessions by user: one record per connection, in a hash that shares its hash tag with the user's personal channel. */
import type { Session, Sessions } from '@skein/core'
import type { Bus } from './bus.ts'
import type { Commands } from './commands.ts'
import type { Keys } from './keys.ts'
import type { Lease } from './lease.ts'
import type { Settings } from './options.ts'
import type { Reaper } from './reaper.ts'
import { NotSent } from './unavailable.ts'
import type { Unsettled } from './unsettled.ts'

export interface SessionParts {
  readonly settings: Settings
  readonly keys: Keys
  readonly commands: Commands
  readonly bus: Bus
  readonly lease: Lease
  readonly reaper: Reaper
  readonly unsettled: Unsettled
}

export class RedisSessions implements Sessions {
  readonly #parts: SessionParts

  constructor(parts: SessionParts) {
    this.#parts = parts
  }

  async add(session: Omit<Session, 'node'>): Promise<void> {
    const { settings, keys, commands, lease, bus, unsettled } = this.#parts
    const { user, client } = session
    if (!bus.live) await bus.heard('add a session')
    lease.assertHeld('add a session')
    const { uid } = lease
    unsettled.forget(sessionId(user, client))
    try {
      // The index first: what is not in it would never be reaped. One server does it in the order of asking.
      const index = keys.indexOfSessions(uid)
      const indexed = commands.run('add a session', index, (redis) => redis.hset(index, client, user))
      if (settings.place.kind === 'cluster') await indexed
      await Promise.all([indexed, this.#put(user, client, record(uid, session))])
    } catch (error) {
      if (!(error instanceof NotSent)) this.#removeLater(uid, user, client)
      throw error
    }
  }

  async remove(user: string, client: string): Promise<void> {
    const { uid } = this.#parts.lease
    try {
      await this.#remove(uid, user, client)
    } catch (error) {
      this.#removeLater(uid, user, client)
      throw error
    }
  }

  async list(user: string): Promise<readonly Session[]> {
    const { keys, commands, lease, reaper } = this.#parts
    const key = keys.sessions(user)
    const records = await commands.run('list sessions', key, (client) => client.hvals(key))
    const sessions = records.flatMap((text) => this.#read(text, user))
    const uids = new Set(sessions.map((session) => session.node))
    const members = await lease.look([...uids])
    reaper.declareStrays([...uids].filter((uid) => !members.knows(uid)))
    const live = new Set(lease.live())
    return sessions.filter((session) => live.has(session.node))
  }

  async #put(user: string, client: string, text: string): Promise<void> {
    const key = this.#parts.keys.sessions(user)
    await this.#parts.commands.run('add a session', key, (redis) => redis.hset(key, client, text))
  }

  /** The session before its index: what is left half-way must be found by the reaper. */
  async #remove(uid: string, user: string, client: string): Promise<void> {
    const { settings, keys, commands } = this.#parts
    const [key, index] = [keys.sessions(user), keys.indexOfSessions(uid)]
    const removed = commands.run('remove a session', key, (redis) => redis.hdel(key, client))
    if (settings.place.kind === 'cluster') await removed
    await Promise.all([
      removed,
      commands.run('remove a session', index, (redis) => redis.hdel(index, client)),
    ])
  }

  #removeLater(uid: string, user: string, client: string): void {
    const { lease, unsettled } = this.#parts
    unsettled.later(sessionId(user, client), async () => {
      if (uid === lease.uid && !lease.isOver) await this.#remove(uid, user, client)
    })
  }

  #read(text: string, user: string): Session[] {
    try {
      return [JSON.parse(text.slice(text.indexOf(' ') + 1)) as Session]
    } catch (error) {
      this.#parts.settings.report(error, `a session of ${user}`)
      return []
    }
  }
}

/** The incarnation stands in front, where scripts read it without parsing the rest. */
function record(uid: string, session: Omit<Session, 'node'>): string {
  return `${uid} ${JSON.stringify({ ...session, node: uid })}`
}

function sessionId(user: string, client: string): string {
  return `session ${client} ${user}`
}
