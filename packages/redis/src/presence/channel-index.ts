/**
 * In which channels an incarnation has a part, or counts a grace: what its reaper walks. A channel leaves the index only after
 * a look at it, since another connection may have come in while the reply about the last one was on its way.
 */

import type { Keys } from '../keys.ts'
import type { Lease } from '../membership/lease.ts'
import type { Commands } from '../server/commands.ts'

/** Channels looked at per tick. */
const BATCH = 1000

export class ChannelIndex {
  readonly #keys: Keys
  readonly #commands: Commands
  readonly #lease: Lease
  /** Known to be in the index of this incarnation; `false`: on the way there. */
  #there = new Map<string, boolean>()
  #uid = ''
  /** Never more than the channels in the index. */
  readonly #candidates = new Set<string>()

  constructor(keys: Keys, commands: Commands, lease: Lease) {
    this.#keys = keys
    this.#commands = commands
    this.#lease = lease
  }

  /**
   * To be called before the entry that it is about. It is sent first; where the entry goes to another server, wait for it.
   * `undefined`: it is there.
   */
  add(uid: string, channel: string): Promise<void> | undefined {
    this.#candidates.delete(channel)
    this.#begin(uid)
    return this.#there.get(channel) === true ? undefined : this.#add(uid, channel)
  }

  /** Puts a channel into the index of any incarnation: its reaper shall look there. */
  async assign(uid: string, channel: string): Promise<void> {
    const index = this.#keys.indexOfChannels(uid)
    await this.#commands.run('keep an index of channels', index, (client) => client.sadd(index, channel))
  }

  maybeEmpty(uid: string, channel: string): void {
    if (uid === this.#lease.uid) this.#candidates.add(channel)
  }

  async tidy(): Promise<void> {
    const { uid } = this.#lease
    const channels = [...this.#candidates].slice(0, BATCH)
    if (channels.length === 0) return
    const there = await Promise.all(channels.map((channel) => this.#exists(uid, channel)))
    // Whoever came in since has taken the channel from the candidates, and is sent after this.
    const empty = channels.filter((channel, at) => there[at] === 0 && this.#candidates.has(channel))
    for (const channel of channels) this.#candidates.delete(channel)
    if (empty.length === 0) return
    for (const channel of empty) this.#there.delete(channel)
    const index = this.#keys.indexOfChannels(uid)
    await this.#commands.run('tidy the index of channels', index, (client) => client.srem(index, ...empty))
  }

  async #add(uid: string, channel: string): Promise<void> {
    const there = this.#there
    there.set(channel, false)
    await this.assign(uid, channel)
    // Tidied away meanwhile, it is not known to be there.
    if (there.has(channel)) there.set(channel, true)
  }

  #exists(uid: string, channel: string): Promise<number> {
    const of = this.#keys.channel(channel)
    const part = this.#keys.part(of, uid)
    return this.#commands.run('tidy the index of channels', part, (client) => client.exists(part, of.missed))
  }

  /** Another incarnation has an index of its own. */
  #begin(uid: string): void {
    if (uid === this.#uid) return
    this.#uid = uid
    this.#there = new Map()
  }
}
