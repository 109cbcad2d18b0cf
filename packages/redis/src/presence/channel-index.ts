/**
 * Channels in which an incarnation has entries or counts a grace: the reaper reads this index. A channel
 * leaves the index only after a check, since another connection may have entered before the reply about the
 * last removal arrived.
 */

import type { Keys } from '../keys.ts'
import type { Commands } from '../server/commands.ts'
import type { Incarnation } from './owners.ts'

const CHANNELS_PER_TIDY = 1000

export class ChannelIndex {
  readonly #keys: Keys
  readonly #commands: Commands
  readonly #lease: Pick<Incarnation, 'uid'>
  /** Whether the channel is in the index of this incarnation; `false`: the command is in flight. */
  #indexed = new Map<string, boolean>()
  #uid = ''
  /** At most as many as channels in the index. */
  readonly #candidates = new Set<string>()

  constructor(keys: Keys, commands: Commands, lease: Pick<Incarnation, 'uid'>) {
    this.#keys = keys
    this.#commands = commands
    this.#lease = lease
  }

  /**
   * Must be called before the entry is added. It is sent first; if the entry goes to another server, wait for
   * it. `undefined`: the channel is in the index already.
   */
  add(uid: string, channel: string): Promise<void> | undefined {
    this.#candidates.delete(channel)
    this.#startIncarnation(uid)
    return this.#indexed.get(channel) === true ? undefined : this.#add(uid, channel)
  }

  /** Adds a channel to the index of any incarnation, for its reaper. */
  async assign(uid: string, channel: string): Promise<void> {
    const index = this.#keys.indexOfChannels(uid)
    await this.#commands.run('keep an index of channels', index, (client) => client.sadd(index, channel))
  }

  maybeEmpty(uid: string, channel: string): void {
    if (uid === this.#lease.uid) this.#candidates.add(channel)
  }

  async tidy(): Promise<void> {
    const { uid } = this.#lease
    const channels = [...this.#candidates].slice(0, CHANNELS_PER_TIDY)
    if (channels.length === 0) return
    const there = await Promise.all(channels.map((channel) => this.#exists(uid, channel)))
    // A client that entered meanwhile removed the channel from the candidates, and its command comes after
    // this one.
    const empty = channels.filter((channel, at) => there[at] === 0 && this.#candidates.has(channel))
    for (const channel of channels) this.#candidates.delete(channel)
    if (empty.length === 0) return
    for (const channel of empty) this.#indexed.delete(channel)
    const index = this.#keys.indexOfChannels(uid)
    await this.#commands.run('tidy the index of channels', index, (client) => client.srem(index, ...empty))
  }

  async #add(uid: string, channel: string): Promise<void> {
    const there = this.#indexed
    there.set(channel, false)
    await this.assign(uid, channel)
    // Removed from the index meanwhile, the channel is not known to be in it.
    if (there.has(channel)) there.set(channel, true)
  }

  #exists(uid: string, channel: string): Promise<number> {
    const of = this.#keys.channel(channel)
    const part = this.#keys.part(of, uid)
    return this.#commands.run('tidy the index of channels', part, (client) => client.exists(part, of.graces))
  }

  /** Each incarnation has an index of its own. */
  #startIncarnation(uid: string): void {
    if (uid === this.#uid) return
    this.#uid = uid
    this.#indexed = new Map()
  }
}
