/**
 * Who is in a channel: one part per incarnation, so that the end of an incarnation costs per channel and not per connection.
 * Readers take the parts of incarnations that are alive.
 */
import { type Presence, type PresenceEntry, Unavailable } from '@skein/core'
import type { ClientInfo } from '@skein/protocol'
import { readInfo } from '../bus/message.ts'
import type { Keys } from '../keys.ts'
import type { Lease } from '../membership/lease.ts'
import type { Unsettled } from '../membership/pending-removals.ts'
import type { Reaper } from '../membership/reaper.ts'
import type { Settings } from '../options.ts'
import type { Commands } from '../server/commands.ts'
import { NotSent } from '../unavailable.ts'
import type { ChannelIndex } from './channel-index.ts'
import type { MissedChannels } from './leave-graces.ts'
import type { PresenceScripts } from './presence-scripts.ts'

export interface PresenceParts {
  readonly settings: Settings
  readonly keys: Keys
  readonly commands: Commands
  readonly lease: Lease
  readonly reaper: Reaper
  readonly index: ChannelIndex
  readonly scripts: PresenceScripts
  readonly missed: MissedChannels
  readonly unsettled: Unsettled
}

export class RedisPresence implements Presence {
  readonly #parts: PresenceParts

  constructor(parts: PresenceParts) {
    this.#parts = parts
  }

  async add(channel: string, info: ClientInfo, announce: boolean, grace = 0): Promise<void> {
    const { settings, scripts, lease, index, unsettled } = this.#parts
    lease.assertHeld('add presence')
    const { uid } = lease
    const id = entryId(channel, info)
    unsettled.forget(id)
    try {
      // The index first: what is not in it would never be reaped. One server does it in the order of asking.
      const indexed = index.add(uid, channel)
      if (settings.place.kind === 'cluster') await indexed
      await Promise.all([indexed, scripts.add(channel, uid, info, announce, grace)])
    } catch (error) {
      const remove = () => this.#removeOf(uid, channel, info, announce, 0)
      if (!(error instanceof NotSent)) unsettled.afterAddition(id, remove)
      throw error
    }
  }

  async remove(channel: string, info: ClientInfo, announce: boolean, grace = 0): Promise<void> {
    const { uid } = this.#parts.lease
    try {
      await this.#remove(uid, channel, info, announce, grace)
    } catch (error) {
      const remove = () => this.#removeOf(uid, channel, info, announce, grace)
      this.#parts.unsettled.later(entryId(channel, info), remove)
      throw error
    }
  }

  async list(channel: string, suspected = false): Promise<readonly PresenceEntry[]> {
    const [, parts, missed] = await this.#read('list', channel, suspected)
    const there = (parts as string[][]).flat().flatMap((entry) => this.#info(infoOf(entry), channel))
    const lost = (missed as string[]).flatMap((text) => this.#info(text, channel))
    return [...there, ...lost.map((info) => ({ ...info, suspected: true as const }))]
  }

  async stats(
    channel: string,
    suspected = false,
  ): Promise<{ readonly clients: number; readonly users: number }> {
    const [, clients, users] = await this.#read('stats', channel, suspected)
    return { clients: Number(clients), users: Number(users) }
  }

  async #remove(
    uid: string,
    channel: string,
    info: ClientInfo,
    announce: boolean,
    grace: number,
  ): Promise<void> {
    const { scripts, missed, index } = this.#parts
    const left = await scripts.remove(channel, uid, info.client, announce, grace)
    if (left.missed > 0 && grace > 0) missed.watch(channel, grace)
    else if (left.connections === 0) index.maybeEmpty(uid, channel)
  }

  /** Nobody else would do it while the incarnation lives; when it is over, others do. */
  async #removeOf(
    uid: string,
    channel: string,
    info: ClientInfo,
    announce: boolean,
    grace: number,
  ): Promise<void> {
    const { lease } = this.#parts
    if (uid === lease.uid && !lease.isOver) await this.#remove(uid, channel, info, announce, grace)
  }

  /** Reads by the incarnations known to be alive; once more where the channel knows others. */
  async #read(what: 'list' | 'stats', channel: string, suspected: boolean) {
    const { lease, reaper } = this.#parts
    await lease.look()
    // What is known when the question leaves: a renewal may be answered before it.
    const known = lease.members
    const reply = await this.#ask(what, channel, suspected)
    const strangers = reply[0].filter((uid) => !known.knows(uid))
    if (strangers.length === 0) return reply
    const members = await lease.look(strangers)
    reaper.declareStrays(
      strangers.filter((uid) => !members.knows(uid)),
      channel,
    )
    return await this.#ask(what, channel, suspected)
  }

  #ask(what: 'list' | 'stats', channel: string, suspected: boolean) {
    const { keys, commands, lease } = this.#parts
    const of = keys.channel(channel)
    const live = lease.live()
    const parts = [of.incarnations, of.users, of.missed, ...live.map((uid) => keys.part(of, uid))]
    return commands.run('read presence', of.bus, (client) =>
      client.presenceRead(parts.length, ...parts, what, suspected ? '1' : '0', keys.part(of), ...live),
    )
  }

  #info(text: string, channel: string): ClientInfo[] {
    const info = readInfo(text)
    if (info !== undefined) return [info]
    this.#parts.settings.report(new Unavailable(`an entry of ${channel} could not be read`), 'presence')
    return []
  }
}

/** What stands behind the first newline of an entry: see `entry.lua`. */
function infoOf(entry: string): string {
  return entry.slice(entry.indexOf('\n') + 1)
}

function entryId(channel: string, info: ClientInfo): string {
  return `presence ${info.client} ${channel}`
}
