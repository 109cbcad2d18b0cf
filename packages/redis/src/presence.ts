/**
 * Who is in a channel: one part per incarnation, so that the end of an incarnation costs per channel and not per connection.
 * Readers take the parts of incarnations that are alive.
 */
import type { Presence } from '@skein/core'
import { Unavailable } from '@skein/core'
import type { ClientInfo } from '@skein/protocol'
import type { ChannelIndex } from './channel-index.ts'
import type { Commands } from './commands.ts'
import type { Keys } from './keys.ts'
import type { Lease } from './lease.ts'
import { readInfo } from './message.ts'
import type { Settings } from './options.ts'
import { addToPart, removeFromPart } from './presence-scripts.ts'
import type { Reaper } from './reaper.ts'
import { NotSent } from './unavailable.ts'
import type { Unsettled } from './unsettled.ts'

export interface PresenceParts {
  readonly settings: Settings
  readonly keys: Keys
  readonly commands: Commands
  readonly lease: Lease
  readonly reaper: Reaper
  readonly index: ChannelIndex
  readonly unsettled: Unsettled
}

export class RedisPresence implements Presence {
  readonly #parts: PresenceParts

  constructor(parts: PresenceParts) {
    this.#parts = parts
  }

  async add(channel: string, info: ClientInfo, announce: boolean): Promise<void> {
    const { keys, commands, lease, index, unsettled } = this.#parts
    lease.assertHeld('add presence')
    const { uid } = lease
    const id = entryId(channel, info)
    unsettled.forget(id)
    try {
      await commands.run('add presence', async (client) => {
        // The index first: what is not in it would never be reaped.
        const indexed = index.add(client, uid, channel)
        await Promise.all([indexed, addToPart(client, keys, channel, uid, info, announce)])
      })
    } catch (error) {
      if (!(error instanceof NotSent)) this.#removeLater(id, uid, channel, info, announce)
      throw error
    }
  }

  async remove(channel: string, info: ClientInfo, announce: boolean): Promise<void> {
    const { uid } = this.#parts.lease
    try {
      await this.#remove(uid, channel, info, announce)
    } catch (error) {
      this.#removeLater(entryId(channel, info), uid, channel, info, announce)
      throw error
    }
  }

  async list(channel: string): Promise<readonly ClientInfo[]> {
    const [, values] = await this.#read('list', channel)
    return (values as string[]).flatMap((value) => this.#info(value, channel))
  }

  async stats(channel: string): Promise<{ readonly clients: number; readonly users: number }> {
    const [, clients, users] = await this.#read('stats', channel)
    return { clients: Number(clients), users: Number(users) }
  }

  async #remove(uid: string, channel: string, info: ClientInfo, announce: boolean): Promise<void> {
    const { keys, commands, index } = this.#parts
    const left = await commands.run('remove presence', (client) =>
      removeFromPart(client, keys, channel, uid, info.client, announce),
    )
    if (left === 0) index.maybeEmpty(uid, channel)
  }

  /** Nobody else would do it while this incarnation lives. */
  #removeLater(id: string, uid: string, channel: string, info: ClientInfo, announce: boolean): void {
    const { lease, unsettled } = this.#parts
    unsettled.later(id, async () => {
      if (uid === lease.uid && !lease.isOver) await this.#remove(uid, channel, info, announce)
    })
  }

  /** Reads by the incarnations known to be alive; once more where the channel knows others. */
  async #read(what: 'list' | 'stats', channel: string) {
    const { lease, reaper } = this.#parts
    await lease.look()
    const reply = await this.#ask(what, channel)
    const strangers = reply[0].filter((uid) => !lease.members.knows(uid))
    if (strangers.length === 0) return reply
    const members = await lease.look(strangers)
    reaper.declareStrays(strangers.filter((uid) => !members.knows(uid)))
    return await this.#ask(what, channel)
  }

  #ask(what: 'list' | 'stats', channel: string) {
    const { keys, commands, lease } = this.#parts
    const of = keys.channel(channel)
    const live = lease.live()
    const parts = live.map((uid) => keys.part(of, uid))
    return commands.run('read presence', (client) =>
      client.presenceRead(parts.length + 2, of.incarnations, of.users, ...parts, what, ...live),
    )
  }

  #info(value: string, channel: string): ClientInfo[] {
    const info = readInfo(value.slice(value.indexOf('\n') + 1))
    if (info !== undefined) return [info]
    this.#parts.settings.report(new Unavailable(`an entry of ${channel} could not be read`), 'presence')
    return []
  }
}

function entryId(channel: string, info: ClientInfo): string {
  return `presence ${info.client} ${channel}`
}
