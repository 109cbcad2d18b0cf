/**
 * Removes the entries of incarnations that are over. Each step is atomic for one channel or user and can be
 * repeated. A reaper may therefore die half-way, or two may work at once: the lock only saves work. Batches
 * are bounded.
 */

import type { Keys } from '../keys.ts'
import type { ChannelIndex } from '../presence/channel-index.ts'
import type { LeaveGraces } from '../presence/leave-graces.ts'
import type { PresenceScripts } from '../presence/presence-scripts.ts'
import type { Commands } from '../server/commands.ts'
import type { Settings } from '../server/settings.ts'
import type { Lease } from './lease.ts'
import type { Members } from './members.ts'

const CHANNELS_PER_BATCH = 50
const CONNECTIONS_PER_CHANNEL = 200
const SESSIONS_PER_BATCH = 500
/** A reaper without progress for this long has died. */
const LOCK_MS = 5000

export interface ReaperParts {
  readonly settings: Settings
  readonly keys: Keys
  readonly commands: Commands
  readonly lease: Lease
  readonly scripts: PresenceScripts
  readonly index: ChannelIndex
  readonly graces: LeaveGraces
}

export class Reaper {
  readonly #settings: Settings
  readonly #keys: Keys
  readonly #commands: Commands
  readonly #lease: Lease
  readonly #scripts: PresenceScripts
  readonly #index: ChannelIndex
  readonly #graces: LeaveGraces
  readonly #reaping = new Set<string>()
  #reaped = 0

  constructor(parts: ReaperParts) {
    this.#settings = parts.settings
    this.#keys = parts.keys
    this.#commands = parts.commands
    this.#lease = parts.lease
    this.#scripts = parts.scripts
    this.#index = parts.index
    this.#graces = parts.graces
  }

  /** Number of incarnations of other nodes that this node reaped. */
  get reaped(): number {
    return this.#reaped
  }

  /** Reaps incarnations that are over, in the background. */
  consider(members: Members): void {
    for (const uid of members.over.keys()) this.#start(uid)
    if (!this.#lease.steady) return
    for (const uid of members.expired(this.#settings.timing.grace)) this.#start(uid, true)
  }

  /** Declares the incarnation over: it cannot renew its lease any more. */
  async declare(uid: string, expiredFor?: number): Promise<boolean> {
    const { leases, nodes, over } = this.#keys
    const declared = await this.#commands.run('declare an incarnation over', over, (client) =>
      client.declareOver(leases, nodes, over, uid, expiredFor ?? ''),
    )
    return declared === 1
  }

  /**
   * Ends this node's incarnation. Other nodes reap it, since they take over its graces. The last node has no
   * successor and reaps all incarnations itself.
   */
  async end(uid: string): Promise<void> {
    await this.declare(uid)
    const members = await this.#lease.readNow()
    if (this.#lease.live().length > 0) return
    for (const over of members.over.keys()) await this.#reap(over, true)
  }

  /**
   * Declares incarnations over that have entries but no lease: they wrote after their end, and their nodes
   * died before they noticed.
   */
  declareStrays(uids: readonly string[], channel?: string): void {
    for (const uid of uids) {
      this.#declareStray(uid, channel).catch((error: unknown) => this.#settings.report(error, 'reaper'))
    }
  }

  /** Redis may have lost the index and kept the entry, so the index gets the channel again. */
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

  /** Repeats until nothing of the incarnation is left. `alone`: no node is left to count graces. */
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
    return this.#commands.run('read an incarnation', over, (client) => client.hget(over, uid))
  }

  /** Reaps one batch of channels; false if there was none. */
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
   * True when the channel has no entries of the incarnation, and this node counts its graces. The channel
   * enters this node's index before it leaves the index of the dead incarnation.
   */
  async #reapChannel(uid: string, channel: string, alone: boolean): Promise<boolean> {
    const left = await this.#scripts.reap(channel, uid, CONNECTIONS_PER_CHANNEL, alone ? 0 : '')
    if (left.connections > 0) return false
    if (left.graces === 0) return true
    if (alone) await this.#scripts.settle(channel, true)
    else {
      await this.#index.add(this.#lease.uid, channel)
      this.#graces.watch(channel, 0)
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
