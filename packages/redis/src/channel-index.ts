/**
 * In which channels an incarnation has a part: what its reaper walks. A channel leaves the index only after a look at the
 * part, since another connection may have come in while the reply about the last one was on its way.
 */
import type { Commands } from './commands.ts'
import type { Keys } from './keys.ts'
import type { Lease } from './lease.ts'
import type { Client } from './scripts.ts'

/** Channels looked at per tick. */
const BATCH = 1000

export class ChannelIndex {
  readonly #keys: Keys
  readonly #commands: Commands
  readonly #lease: Lease
  /** Never more than the channels in the index. */
  readonly #candidates = new Set<string>()

  constructor(keys: Keys, commands: Commands, lease: Lease) {
    this.#keys = keys
    this.#commands = commands
    this.#lease = lease
  }

  /** To be sent before the entry that it is about, on the same connection. */
  add(client: Client, uid: string, channel: string): Promise<number> {
    this.#candidates.delete(channel)
    return client.sadd(this.#keys.indexOfChannels(uid), channel)
  }

  maybeEmpty(uid: string, channel: string): void {
    if (uid === this.#lease.uid) this.#candidates.add(channel)
  }

  async tidy(): Promise<void> {
    const { uid } = this.#lease
    const channels = [...this.#candidates].slice(0, BATCH)
    if (channels.length === 0) return
    await this.#commands.run('tidy the index of channels', async (client) => {
      const parts = channels.map((channel) => this.#keys.part(this.#keys.channel(channel), uid))
      const there = await Promise.all(parts.map((part) => client.exists(part)))
      // Whoever came in since has taken the channel from the candidates, and is sent after this.
      const empty = channels.filter((channel, at) => there[at] === 0 && this.#candidates.has(channel))
      for (const channel of channels) this.#candidates.delete(channel)
      if (empty.length > 0) await client.srem(this.#keys.indexOfChannels(uid), ...empty)
    })
  }
}
