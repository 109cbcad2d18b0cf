/**
 * Removes what belongs to incarnations that are over. Each step is atomic for one channel or user and can be repeated, so
 * that a reaper may die half-way, or two work at once: the lock only saves work. Batches are bounded.
 */

import type { Keys } from '../keys.ts'
import type { Settings } from '../options.ts'
import type { ChannelIndex } from '../presence/channel-index.ts'
import type { MissedChannels } from '../presence/leave-graces.ts'
import type { PresenceScripts } from '../presence/presence-scripts.ts'
import type { Commands } from '../server/commands.ts'
import type { Lease } from './lease.ts'
import type { Members } from './members.ts'

const CHANNELS_PER_BATCH = 50
const CONNECTIONS_PER_CHANNEL = 200
const SESSIONS_PER_BATCH = 500
/** A reaper that shows no progress for so long has died. */
const LOCK_MS = 5000

export interface ReaperParts {
  readonly settings: Settings
  readonly keys: Keys
  readonly commands: Commands
  readonly lease: Lease
  readonly scripts: PresenceScripts
  readonly index: ChannelIndex
  readonly missed: MissedChannels
}

export class Reaper {
  readonly #settings: Settings
  readonly #keys: Keys
  readonly #commands: Commands
  readonly #lease: Lease
  readonly #scripts: PresenceScripts
  readonly #index: ChannelIndex
  readonly #missed: MissedChannels
  readonly #reaping = new Set<string>()
  #reaped = 0

  constructor(parts: ReaperParts) {
    this.#settings = parts.settings
    this.#keys = parts.keys
    this.#commands = parts.commands
    this.#lease = parts.lease
    this.#scripts = parts.scripts
    this.#index = parts.index
    this.#missed = parts.missed
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
    const declared = await this.#commands.run('declare an incarnation over', over, (client) =>
      client.declareOver(leases, nodes, over, uid, expiredFor ?? ''),
    )
    return declared === 1
  }

  /**
   * Ends this node's incarnation. Others clear it away, since they have to count its graces; the last node, which nobody comes
   * after, leaves nothing of anybody behind.
   */
  async end(uid: string): Promise<void> {
    await this.declare(uid)
    const members = await this.#lease.lookNow()
    if (this.#lease.live().length > 0) return
    for (const over of members.over.keys()) await this.#reap(over, true)
  }

  /**
   * Incarnations that have entries, but no lease, and are not being reaped: they wrote after their end, and died of something
   * else before they knew.
   */
  declareStrays(uids: readonly string[], channel?: string): void {
    for (const uid of uids) {
      this.#declareStray(uid, channel).catch((error: unknown) => this.#settings.report(error, 'reaper'))
    }
  }

  /** Redis may have lost the index and kept the entry: the reaper is told where to look. */
  async #declareStray(uid: string, channel: string | undefined): Promise<void> {
    if (channel !== undefined) await this.#index.assign(uid, channel)
    await this.declare(uid, 0)
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
    const lock = this.#keys.reaping(uid)
    const won = await this.#commands.run('lock an incarnation', lock, (client) =>
      client.set(lock, this.#lease.uid, 'PX', LOCK_MS, 'NX'),
    )
    if (won !== 'OK') return
    await this.#reap(uid, false)
    this.#reaped += 1
  }

  /** Repeats until an incarnation that was declared over has nothing left. `alone`: nobody is left to count a grace. */
  async #reap(uid: string, alone: boolean): Promise<void> {
    for (;;) {
      const times = await this.#timesDeclared(uid)
      if (times === null) return
      while (await this.#reapChannels(uid, alone)) await this.#keepLock(uid)
      while (await this.#reapSessions(uid)) await this.#keepLock(uid)
      if (await this.#forget(uid, times)) return
    }
  }

  #timesDeclared(uid: string): Promise<string | null> {
    const { over } = this.#keys
    return this.#commands.run('read what is over', over, (client) => client.hget(over, uid))
  }

  /** One batch; false when there was none. */
  async #reapChannels(uid: string, alone: boolean): Promise<boolean> {
    const index = this.#keys.indexOfChannels(uid)
    const channels = await this.#commands.run('reap presence', index, (client) =>
      client.srandmember(index, CHANNELS_PER_BATCH),
    )
    const empty = await Promise.all(channels.map((channel) => this.#reapChannel(uid, channel, alone)))
    const done = channels.filter((_channel, at) => empty[at])
    if (done.length > 0) {
      await this.#commands.run('reap presence', index, (client) => client.srem(index, ...done))
    }
    return channels.length > 0
  }

  /**
   * True when nothing of the incarnation is left there, and the graces that it counted, or that it leaves behind, are counted
   * by this node: the channel is in this node's index before it goes from the dead one's.
   */
  async #reapChannel(uid: string, channel: string, alone: boolean): Promise<boolean> {
    const left = await this.#scripts.reap(channel, uid, CONNECTIONS_PER_CHANNEL, alone ? 0 : '')
    if (left.connections > 0) return false
    if (left.missed === 0) return true
    if (alone) await this.#scripts.settle(channel, true)
    else {
      await this.#index.add(this.#lease.uid, channel)
      this.#missed.watch(channel, 0)
    }
    return true
  }

  async #reapSessions(uid: string): Promise<boolean> {
    const index = this.#keys.indexOfSessions(uid)
    const flat = (await this.#commands.run('reap sessions', index, (client) =>
      client.hrandfield(index, SESSIONS_PER_BATCH, 'WITHVALUES'),
    )) as string[]
    const clients = flat.filter((_value, at) => at % 2 === 0)
    if (clients.length === 0) return false
    await Promise.all(clients.map((id, at) => this.#reapSession(flat[at * 2 + 1] ?? '', id)))
    await this.#commands.run('reap sessions', index, (client) => client.hdel(index, ...clients))
    return true
  }

  async #reapSession(user: string, id: string): Promise<void> {
    const key = this.#keys.sessions(user)
    await this.#commands.run('reap sessions', key, (client) => client.hdel(key, id))
  }

  async #keepLock(uid: string): Promise<void> {
    const lock = this.#keys.reaping(uid)
    await this.#commands.run('keep a lock', lock, (client) => client.pexpire(lock, LOCK_MS))
  }

  async #forget(uid: string, times: string): Promise<boolean> {
    const { over } = this.#keys
    const done = await this.#commands.run('forget an incarnation', over, (client) =>
      client.endReaping(over, this.#keys.reaping(uid), uid, times),
    )
    return done === 1
  }
}
