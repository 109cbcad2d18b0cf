/** Arguments of the presence scripts, spelled once. */
import type { ClientInfo } from '@skein/protocol'
import { isPersonal } from './broker.ts'
import type { ChannelKeys, Keys } from './keys.ts'
import { address } from './message.ts'
import type { Client } from './scripts.ts'

export function addToPart(
  client: Client,
  keys: Keys,
  channel: string,
  uid: string,
  info: ClientInfo,
  announce: boolean,
): Promise<0 | 1> {
  const of = keys.channel(channel)
  return client.presenceAdd(
    ...presenceKeys(keys, of, uid),
    info.client,
    userKey(info),
    JSON.stringify(info),
    uid,
    announce ? '1' : '0',
    of.bus,
    isPersonal(channel) ? address(channel) : '',
    keys.nodePrefix,
  )
}

/** How many connections of the incarnation are left in the channel. */
export function removeFromPart(
  client: Client,
  keys: Keys,
  channel: string,
  uid: string,
  id: string,
  announce: boolean,
): Promise<number> {
  const of = keys.channel(channel)
  const where = [of.bus, isPersonal(channel) ? address(channel) : '', keys.nodePrefix]
  return client.presenceRemove(...presenceKeys(keys, of, uid), id, 1, uid, announce ? '1' : '0', ...where)
}

/** Removes up to `limit` connections of the incarnation, whoever they are. Returns how many are left. */
export function reapPart(
  client: Client,
  keys: Keys,
  channel: string,
  uid: string,
  limit: number,
): Promise<number> {
  const of = keys.channel(channel)
  const where = [of.bus, isPersonal(channel) ? address(channel) : '', keys.nodePrefix]
  return client.presenceRemove(...presenceKeys(keys, of, uid), '', limit, uid, '', ...where)
}

function presenceKeys(keys: Keys, of: ChannelKeys, uid: string): string[] {
  return [keys.part(of, uid), of.incarnations, of.users, of.sessions]
}

/** A connection without a user counts as a user of its own. JSON text has no newline, and begins with a quote. */
function userKey({ user, client }: ClientInfo): string {
  return user === '' ? `-${JSON.stringify(client)}` : JSON.stringify(user)
}
