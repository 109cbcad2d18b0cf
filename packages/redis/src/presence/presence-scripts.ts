/** Arguments of the presence scripts, spelled once; what a script could not tell nodes itself is told here. */
import type { ClientInfo } from '@skein/protocol'
import { address } from '../bus/message.ts'
import { tellNodes } from '../bus/node-messages.ts'
import { type ChannelKeys, isPersonal, type Keys } from '../keys.ts'
import type { Untold } from '../scripts.ts'
import type { Commands } from '../server/commands.ts'

/** What is left after a removal. */
export interface Left {
  /** Connections in the incarnation's part. */
  readonly connections: number
  /** Users of the channel whose grace is being counted, of all incarnations. */
  readonly missed: number
}

/** What a reaper gives: what each entry says; nothing, if nobody is left to count it. */
export type ReapGrace = '' | 0

export class PresenceScripts {
  readonly #commands: Commands
  readonly #keys: Keys
  /** Of the last addition or removal: see `entry.lua`. */
  #order = 0

  constructor(commands: Commands, keys: Keys) {
    this.#commands = commands
    this.#keys = keys
  }

  async add(channel: string, uid: string, info: ClientInfo, announce: boolean, grace: number): Promise<void> {
    const of = this.#keys.channel(channel)
    const entry = [
      info.client,
      userKey(info),
      JSON.stringify(info),
      uid,
      announce ? '1' : '0',
      `${Math.round(grace)}.${++this.#order}`,
    ]
    const [, untold] = await this.#commands.run('add presence', of.bus, (client) =>
      client.presenceAdd(...this.#keysOf(of, uid), ...entry, ...this.#where(channel, of)),
    )
    await this.#tell(untold)
  }

  async remove(channel: string, uid: string, id: string, announce: boolean, grace: number): Promise<Left> {
    const of = this.#keys.channel(channel)
    const what = [id, ++this.#order, uid, announce ? '1' : '0', Math.round(grace)]
    return await this.#remove('remove presence', channel, of, uid, what)
  }

  /** Removes up to `limit` connections of the incarnation, whoever they are. */
  async reap(channel: string, uid: string, limit: number, grace: ReapGrace): Promise<Left> {
    const of = this.#keys.channel(channel)
    return await this.#remove('reap presence', channel, of, uid, ['', limit, uid, '', grace])
  }

  /** Ends the graces that have passed, or all. Returns ms until the next one ends; -1: nobody is missed. */
  async settle(channel: string, all = false): Promise<number> {
    const of = this.#keys.channel(channel)
    const [next, untold] = await this.#commands.run('end a grace', of.bus, (client) =>
      client.presenceSettle(of.missed, of.sessions, of.users, all ? '1' : '0', ...this.#where(channel, of)),
    )
    await this.#tell(untold)
    return next
  }

  async #remove(
    what: string,
    channel: string,
    of: ChannelKeys,
    uid: string,
    how: readonly (string | number)[],
  ): Promise<Left> {
    const [connections, missed, untold] = await this.#commands.run(what, of.bus, (client) =>
      client.presenceRemove(...this.#keysOf(of, uid), ...how, ...this.#where(channel, of)),
    )
    await this.#tell(untold)
    return { connections, missed }
  }

  #keysOf(of: ChannelKeys, uid: string): string[] {
    return [this.#keys.part(of, uid), of.incarnations, of.users, of.missed, of.sessions]
  }

  #where(channel: string, of: ChannelKeys): string[] {
    return [of.bus, isPersonal(channel) ? address(channel) : '', this.#keys.nodePrefix]
  }

  async #tell(untold: Untold): Promise<void> {
    if (untold.length > 0) await tellNodes(this.#commands, untold)
  }
}

/** A connection without a user counts as a user of its own. JSON text has no newline, and begins with a quote. */
function userKey({ user, client }: ClientInfo): string {
  return user === '' ? `-${JSON.stringify(client)}` : JSON.stringify(user)
}
