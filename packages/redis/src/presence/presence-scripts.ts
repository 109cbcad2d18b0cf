/** Calls of the presence scripts, and the publication of messages that they return. */
import type { ClientInfo } from '@skein/protocol'
import { address } from '../bus/message.ts'
import { notifyNodes } from '../bus/node-messages.ts'
import { type ChannelKeys, isPersonal, type Keys } from '../keys.ts'
import type { NodeMessages } from '../scripts.ts'
import type { Commands } from '../server/commands.ts'

/** State of the channel after a removal. */
export interface Remaining {
  /** Connections in the incarnation's part. */
  readonly connections: number
  /** Users of the channel whose grace period runs, of all incarnations. */
  readonly graces: number
}

/** Grace period of reaped entries: as each entry says, or none if no node is left to count it. */
export type ReapGrace = '' | 0

export class PresenceScripts {
  readonly #commands: Commands
  readonly #keys: Keys
  /** Order of the last addition or removal: see `entry.lua`. */
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
    const [, nodeMessages] = await this.#commands.run('add presence', of.bus, (client) =>
      client.presenceAdd(...this.#keysOf(of, uid), ...entry, ...this.#where(channel, of)),
    )
    await this.#notify(nodeMessages)
  }

  async remove(
    channel: string,
    uid: string,
    id: string,
    announce: boolean,
    grace: number,
  ): Promise<Remaining> {
    const of = this.#keys.channel(channel)
    const what = [id, ++this.#order, uid, announce ? '1' : '0', Math.round(grace)]
    return await this.#remove('remove presence', channel, of, uid, what)
  }

  /** Removes up to `limit` connections of the incarnation. */
  async reap(channel: string, uid: string, limit: number, grace: ReapGrace): Promise<Remaining> {
    const of = this.#keys.channel(channel)
    return await this.#remove('reap presence', channel, of, uid, ['', limit, uid, '', grace])
  }

  /**
   * Ends the grace periods that have passed, or all. Returns ms until the next one ends, -1 if there is none.
   */
  async settle(channel: string, all = false): Promise<number> {
    const of = this.#keys.channel(channel)
    const [next, nodeMessages] = await this.#commands.run('end a grace', of.bus, (client) =>
      client.presenceSettle(of.graces, of.sessions, of.users, all ? '1' : '0', ...this.#where(channel, of)),
    )
    await this.#notify(nodeMessages)
    return next
  }

  async #remove(
    what: string,
    channel: string,
    of: ChannelKeys,
    uid: string,
    how: readonly (string | number)[],
  ): Promise<Remaining> {
    const [connections, graces, nodeMessages] = await this.#commands.run(what, of.bus, (client) =>
      client.presenceRemove(...this.#keysOf(of, uid), ...how, ...this.#where(channel, of)),
    )
    await this.#notify(nodeMessages)
    return { connections, graces }
  }

  #keysOf(of: ChannelKeys, uid: string): string[] {
    return [this.#keys.part(of, uid), of.incarnations, of.users, of.graces, of.sessions]
  }

  #where(channel: string, of: ChannelKeys): string[] {
    return [of.bus, isPersonal(channel) ? address(channel) : '', this.#keys.nodePrefix]
  }

  async #notify(nodeMessages: NodeMessages): Promise<void> {
    if (nodeMessages.length > 0) await notifyNodes(this.#commands, nodeMessages)
  }
}

/**
 * A connection without a user counts as a user of its own. JSON text has no newline and begins with a quote.
 */
function userKey({ user, client }: ClientInfo): string {
  return user === '' ? `-${JSON.stringify(client)}` : JSON.stringify(user)
}
