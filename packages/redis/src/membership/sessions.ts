/**
 * Sessions by user: one record per connection, in a hash that shares its hash tag with the personal channel
 * of the user.
 */
import type { Session, Sessions } from '@skein/core'
import type { Bus } from '../bus/bus.ts'
import type { Keys } from '../keys.ts'
import type { Commands } from '../server/commands.ts'
import type { Settings } from '../server/settings.ts'
import { TurnBatch } from '../turn/turn-batch.ts'
import { NotSent } from '../unavailable.ts'
import type { Lease } from './lease.ts'
import type { PendingRemovals } from './pending-removals.ts'

interface Strays {
  declareStrays(uids: readonly string[]): void
}

export interface SessionParts {
  readonly settings: Settings
  readonly keys: Keys
  readonly commands: Commands
  readonly bus: Bus
  readonly lease: Lease
  readonly reaper: Strays
  readonly pendingRemovals: PendingRemovals
}

/** Sessions per script: some 0.2 ms in which Redis executes nothing else. */
const SESSIONS_PER_SCRIPT = 100

interface Write {
  readonly uid: string
  readonly user: string
  readonly client: string
  /** `undefined`: the session is removed. */
  readonly record?: string
}

export class RedisSessions implements Sessions {
  readonly #parts: SessionParts
  /** `undefined`: the keys are spread over several servers. */
  readonly #writes: TurnBatch<Write, undefined> | undefined

  constructor(parts: SessionParts) {
    this.#parts = parts
    if (parts.settings.url.kind === 'cluster') return
    this.#writes = new TurnBatch<Write, undefined>(
      SESSIONS_PER_SCRIPT,
      (writes) => this.#writeBatch(writes),
      (write, first) => write.uid === first.uid,
    )
  }

  async add(session: Omit<Session, 'node'>): Promise<void> {
    const { lease, bus, pendingRemovals } = this.#parts
    const { user, client } = session
    if (!bus.live) await bus.ensureLive('add a session')
    lease.assertHeld('add a session')
    const { uid } = lease
    pendingRemovals.forget(sessionId(user, client))
    try {
      await this.#write({ uid, user, client, record: record(uid, session) })
    } catch (error) {
      const remove = () => this.#removeOf(uid, user, client)
      if (!(error instanceof NotSent)) pendingRemovals.add(sessionId(user, client), remove)
      throw error
    }
  }

  async remove(user: string, client: string): Promise<void> {
    await this.#write({ uid: this.#parts.lease.uid, user, client })
  }

  async list(user: string): Promise<readonly Session[]> {
    const { keys, commands, lease, reaper } = this.#parts
    const key = keys.sessions(user)
    const records = await commands.run('list sessions', key, (client) => client.hvals(key))
    const sessions = records.flatMap((text) => this.#read(text, user))
    const uids = new Set(sessions.map((session) => session.node))
    const members = await lease.read([...uids])
    reaper.declareStrays([...uids].filter((uid) => !members.knows(uid)))
    const live = new Set(lease.live())
    return sessions.filter((session) => live.has(session.node))
  }

  /** Removes a session while its incarnation lives. After its end, the reaper removes it. */
  async #removeOf(uid: string, user: string, client: string): Promise<void> {
    const { lease } = this.#parts
    if (uid === lease.uid && !lease.isOver) await this.#write({ uid, user, client })
  }

  #write(write: Write): Promise<void> {
    if (this.#writes !== undefined) return this.#writes.add(write)
    return write.record === undefined ? this.#removeSingle(write) : this.#addSingle(write, write.record)
  }

  async #writeBatch(writes: readonly Write[]): Promise<undefined[]> {
    const { keys, commands } = this.#parts
    const index = keys.indexOfSessions(writes[0]?.uid ?? '')
    const args = [index]
    for (const { user } of writes) args.push(keys.sessions(user))
    for (const { client, user, record } of writes) args.push(client, user, record ?? '')
    await commands.run('write sessions', index, (redis) => redis.sessionsWrite(writes.length + 1, ...args))
    return []
  }

  /** The index first: the reaper would not find a session that is missing in it. */
  async #addSingle({ uid, user, client }: Write, text: string): Promise<void> {
    const { keys, commands } = this.#parts
    const [key, index] = [keys.sessions(user), keys.indexOfSessions(uid)]
    await commands.run('add a session', index, (redis) => redis.hset(index, client, user))
    await commands.run('add a session', key, (redis) => redis.hset(key, client, text))
  }

  /** The session before its index: the reaper must find it after a partial failure. */
  async #removeSingle({ uid, user, client }: Write): Promise<void> {
    const { keys, commands } = this.#parts
    const [key, index] = [keys.sessions(user), keys.indexOfSessions(uid)]
    await commands.run('remove a session', key, (redis) => redis.hdel(key, client))
    await commands.run('remove a session', index, (redis) => redis.hdel(index, client))
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

/** The incarnation comes first, where scripts read it without parsing the rest. */
function record(uid: string, { client, user, connectedAt, meta }: Omit<Session, 'node'>): string {
  return `${uid} ${JSON.stringify({ client, user, connectedAt, meta, node: uid })}`
}

function sessionId(user: string, client: string): string {
  return `session ${client} ${user}`
}
