/**
 * Removes what belongs to incarnations that are over. Each step is atomic for one channel or user and can be repeated, so
 * that a reaper may die half-way, or two work at once: the lock only saves work. Batches are bounded.
 */
import type { Commands } from './commands.ts'
import type { Keys } from './keys.ts'
import type { Lease } from './lease.ts'
import type { Members } from './members.ts'
import type { Settings } from './options.ts'
import { reapPart } from './presence-scripts.ts'

const CHANNELS_PER_BATCH = 50
const CONNECTIONS_PER_CHANNEL = 200
const SESSIONS_PER_BATCH = 500
/** A reaper that shows no progress for so long has died. */
const LOCK_MS = 5000

export class Reaper {
  readonly #settings: Settings
  readonly #keys: Keys
  readonly #commands: Commands
  readonly #lease: Lease
  readonly #reaping = new Set<string>()
  #reaped = 0

  constructor(settings: Settings, keys: Keys, commands: Commands, lease: Lease) {
    this.#settings = settings
    this.#keys = keys
    this.#commands = commands
    this.#lease = lease
  }

  /** Incarnations of others that this node has cleared away. */
  get reaped(): number {
    return this.#reaped
  }

  /** Does what is to be done about the dead, in the background. */
  consider(members: Members): void {
    for (const uid of members.over.keys()) this.#start(uid)
    if (!this.#lease.steady) return
    for (const uid of members.expired(this.#settings.timing.grace)) this.#start(uid, true)
  }

  /** From here on the incarnation cannot renew its lease. */
  async declare(uid: string, expiredFor?: number): Promise<boolean> {
    const { leases, nodes, over } = this.#keys
    const declared = await this.#commands.run('declare an incarnation over', (client) =>
      client.declareOver(leases, nodes, over, uid, expiredFor ?? ''),
    )
    return declared === 1
  }

  /** Ends an incarnation now, with all that is its. */
  async end(uid: string): Promise<void> {
    await this.declare(uid)
    await this.#reap(uid)
  }

  /**
   * Incarnations that have entries, but no lease, and are not being reaped: they wrote after their end, and died of something
   * else before they knew.
   */
  declareStrays(uids: readonly string[]): void {
    for (const uid of uids) {
      this.declare(uid, 0).catch((error: unknown) => this.#settings.report(error, 'reaper'))
    }
  }

  #start(uid: string, declare = false): void {
    if (this.#reaping.has(uid)) return
    this.#reaping.add(uid)
    this.#try(uid, declare)
      .catch((error: unknown) => this.#settings.report(error, 'reaper'))
      .finally(() => this.#reaping.delete(uid))
  }

  async #try(uid: string, declare: boolean): Promise<void> {
    if (declare && !(await this.declare(uid, this.#settings.timing.grace))) return
    const won = await this.#commands.run('lock an incarnation', (client) =>
      client.set(this.#keys.reaping(uid), this.#lease.uid, 'PX', LOCK_MS, 'NX'),
    )
    if (won !== 'OK') return
    await this.#reap(uid)
    this.#reaped += 1
  }

  /** Repeats until an incarnation that was declared over has nothing left. */
  async #reap(uid: string): Promise<void> {
    for (;;) {
      const times = await this.#timesDeclared(uid)
      if (times === null) return
      while (await this.#reapChannels(uid)) await this.#keepLock(uid)
      while (await this.#reapSessions(uid)) await this.#keepLock(uid)
      if (await this.#forget(uid, times)) return
    }
  }

  #timesDeclared(uid: string): Promise<string | null> {
    return this.#commands.run('read what is over', (client) => client.hget(this.#keys.over, uid))
  }

  /** One batch; false when there was none. */
  async #reapChannels(uid: string): Promise<boolean> {
    const index = this.#keys.indexOfChannels(uid)
    return await this.#commands.run('reap presence', async (client) => {
      const channels = await client.srandmember(index, CHANNELS_PER_BATCH)
      const left = await Promise.all(
        channels.map((channel) => reapPart(client, this.#keys, channel, uid, CONNECTIONS_PER_CHANNEL)),
      )
      const empty = channels.filter((_channel, at) => left[at] === 0)
      if (empty.length > 0) await client.srem(index, ...empty)
      return channels.length > 0
    })
  }

  async #reapSessions(uid: string): Promise<boolean> {
    const index = this.#keys.indexOfSessions(uid)
    return await this.#commands.run('reap sessions', async (client) => {
      const flat = (await client.hrandfield(index, SESSIONS_PER_BATCH, 'WITHVALUES')) as string[]
      const clients = flat.filter((_value, at) => at % 2 === 0)
      if (clients.length === 0) return false
      await Promise.all(clients.map((id, at) => client.hdel(this.#keys.sessions(flat[at * 2 + 1] ?? ''), id)))
      await client.hdel(index, ...clients)
      return true
    })
  }

  async #keepLock(uid: string): Promise<void> {
    await this.#commands.run('keep a lock', (client) => client.pexpire(this.#keys.reaping(uid), LOCK_MS))
  }

  async #forget(uid: string, times: string): Promise<boolean> {
    const { over } = this.#keys
    const done = await this.#commands.run('forget an incarnation', (client) =>
      client.endReaping(over, this.#keys.reaping(uid), uid, times),
    )
    return done === 1
  }
}
