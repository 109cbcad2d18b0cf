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
    const { keys, commands, lease, bus, unsettled } = this.#parts
    const { user, client } = session
    if (!bus.live) await bus.heard('add a session')
    lease.assertHeld('add a session')
    const { uid } = lease
    unsettled.forget(sessionId(user, client))
    try {
      await commands.run('add a session', async (redis) => {
        // The index first: what is not in it would never be reaped.
        const indexed = redis.hset(keys.indexOfSessions(uid), client, user)
        await Promise.all([indexed, redis.hset(keys.sessions(user), client, record(uid, session))])
      })
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
    const records = await commands.run('list sessions', (client) => client.hvals(keys.sessions(user)))
    const sessions = records.flatMap((text) => this.#read(text, user))
    const uids = new Set(sessions.map((session) => session.node))
    const members = await lease.look([...uids])
    reaper.declareStrays([...uids].filter((uid) => !members.knows(uid)))
    const live = new Set(lease.live())
    return sessions.filter((session) => live.has(session.node))
  }

  /** The session before its index: what is left half-way must be found by the reaper. */
  async #remove(uid: string, user: string, client: string): Promise<void> {
    const { keys, commands } = this.#parts
    await commands.run('remove a session', async (redis) => {
      const removed = redis.hdel(keys.sessions(user), client)
      await Promise.all([removed, redis.hdel(keys.indexOfSessions(uid), client)])
    })
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
