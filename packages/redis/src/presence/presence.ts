/**
 * Clients in a channel: one hash per incarnation, so that the end of an incarnation costs per channel and not
 * per connection. Readers use the hashes of incarnations that are alive.
 */
import { type Presence, type PresenceEntry, Unavailable } from '@skein/core'
import type { ClientInfo } from '@skein/protocol'
import { readInfo } from '../bus/message.ts'
import type { Keys } from '../keys.ts'
import type { Commands } from '../server/commands.ts'
import type { Settings } from '../server/settings.ts'
import { NotSent } from '../unavailable.ts'
import type { ChannelIndex } from './channel-index.ts'
import type { LeaveGraces } from './leave-graces.ts'
import type { Incarnation, LateRemovals, Strays } from './owners.ts'
import type { PresenceScripts } from './presence-scripts.ts'

export interface PresenceParts {
  readonly settings: Settings
  readonly keys: Keys
  readonly commands: Commands
  readonly lease: Incarnation
  readonly reaper: Strays
  readonly index: ChannelIndex
  readonly scripts: PresenceScripts
  readonly graces: LeaveGraces
  readonly pendingRemovals: LateRemovals
}

export class RedisPresence implements Presence {
  readonly #parts: PresenceParts

  constructor(parts: PresenceParts) {
    this.#parts = parts
  }

  async add(channel: string, info: ClientInfo, announce: boolean, grace = 0): Promise<void> {
    const { settings, scripts, lease, index, pendingRemovals } = this.#parts
    lease.assertHeld('add presence')
    const { uid } = lease
    const id = entryId(channel, info)
    pendingRemovals.forget(id)
    try {
      // The index first: the reaper would not find an entry that is missing in it. One server executes both
      // in order.
      const indexed = index.add(uid, channel)
      if (settings.url.kind === 'cluster') await indexed
      await Promise.all([indexed, scripts.add(channel, uid, info, announce, grace)])
    } catch (error) {
      const remove = () => this.#removeOf(uid, channel, info, announce)
      if (!(error instanceof NotSent)) pendingRemovals.add(id, remove)
      throw error
    }
  }

  async remove(channel: string, info: ClientInfo, announce: boolean, grace = 0): Promise<void> {
    await this.#remove(this.#parts.lease.uid, channel, info, announce, grace)
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
    const { scripts, graces, index } = this.#parts
    const left = await scripts.remove(channel, uid, info.client, announce, grace)
    if (left.graces > 0 && grace > 0) graces.watch(channel, grace)
    else if (left.connections === 0) index.maybeEmpty(uid, channel)
  }

  /** Removes an entry while its incarnation lives. After its end, the reaper removes it. */
  async #removeOf(uid: string, channel: string, info: ClientInfo, announce: boolean): Promise<void> {
    const { lease } = this.#parts
    if (uid === lease.uid && !lease.isOver) await this.#remove(uid, channel, info, announce, 0)
  }

  /** Reads with the incarnations that are known to be alive; again if the channel has entries of others. */
  async #read(what: 'list' | 'stats', channel: string, suspected: boolean) {
    const { lease, reaper } = this.#parts
    await lease.read()
    // Compares with the members as of this read: a renewal may update them before the reply.
    const known = lease.members
    const reply = await this.#readOnce(what, channel, suspected)
    const unknown = reply[0].filter((uid) => !known.knows(uid))
    if (unknown.length === 0) return reply
    const members = await lease.read(unknown)
    reaper.declareStrays(
      unknown.filter((uid) => !members.knows(uid)),
      channel,
    )
    return await this.#readOnce(what, channel, suspected)
  }

  #readOnce(what: 'list' | 'stats', channel: string, suspected: boolean) {
    const { keys, commands, lease } = this.#parts
    const of = keys.channel(channel)
    const live = lease.live()
    const parts = [of.incarnations, of.users, of.graces, ...live.map((uid) => keys.part(of, uid))]
    return commands.run('read presence', of.bus, (client) =>
      client.presenceRead(parts.length, ...parts, what, suspected ? '1' : '0', keys.part(of), ...live),
    )
  }

  #info(text: string, channel: string): ClientInfo[] {
    const info = readInfo(text)
    if (info !== undefined) return [info]
    this.#parts.settings.report(
      new Unavailable(`an entry of ${channel} could not be decoded and was skipped`),
      'presence',
    )
    return []
  }
}

/** Text behind the first newline of an entry: see `entry.lua`. */
function infoOf(entry: string): string {
  return entry.slice(entry.indexOf('\n') + 1)
}

function entryId(channel: string, info: ClientInfo): string {
  return `presence ${info.client} ${channel}`
}
