import { because, CLOSE, ERROR, type RefreshRequest } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import { CloseError, ReplyError } from '../errors.ts'
import type { Credentials } from '../socket.ts'
import { resume } from '../subscription/catch-up.ts'
import { assertOwnChannels } from '../subscription/server-subscriptions.ts'
import { unsubscribeByServer } from '../subscription/subscribe.ts'
import type { Answer } from './answer.ts'
import type { HandlerContext } from './context.ts'
import { ttlOf } from './ttl.ts'
import { verifyToken } from './verify-token.ts'

/**
 * Errors: 107 without token, 109 or 110 for an expired one; closes with 3500 for an invalid one or another
 * user's. Ends the server-side subscriptions that the former token granted and the new one does not.
 */
export async function handleRefresh(
  node: HandlerContext,
  connection: Connection,
  request: RefreshRequest,
): Promise<Answer<'refresh'>> {
  if (request.token === undefined || request.token === '')
    throw new ReplyError(ERROR.badRequest, 'token is missing')
  const credentials = await verifyToken(node, request.token)
  if (credentials.user !== connection.user)
    throw new CloseError(because(CLOSE.invalidToken, 'it is of another user'))
  assertOwnChannels(credentials)
  await node.hooks.onRefresh?.(connection, credentials)
  endLostChannels(connection, credentials.channels)
  return { result: refreshed(node, connection, credentials.expireAt) }
}

/** Channels that the new token adds are subscribed at the next connect. */
function endLostChannels(connection: Connection, granted: Credentials['channels'] = {}): void {
  const held = connection.credentials?.channels
  if (held === undefined) return
  const kept = Object.entries(held).filter(([channel]) => Object.hasOwn(granted, channel))
  for (const channel in held)
    if (!Object.hasOwn(granted, channel) && connection.subscriptions.get(channel)?.serverSide === true)
      unsubscribeByServer(connection, channel)
  connection.credentials = {
    user: connection.user,
    ...connection.credentials,
    channels: Object.fromEntries(kept),
  }
}

/** Sets the expiry of the connection's token. Unix seconds; absent: never. */
export function refreshed(
  node: HandlerContext,
  connection: Connection,
  expireAt: number | undefined,
): Answer<'refresh'>['result'] {
  const { expireAt: _ended, ...rest } = connection.credentials ?? { user: connection.user }
  connection.credentials = expireAt === undefined ? rest : { ...rest, expireAt }
  connection.heartbeat.expireTokenAt(expireAt)
  resume(node, connection)
  const about = { client: connection.client, version: node.version }
  if (expireAt === undefined) return about
  return { ...about, expires: true, ttl: ttlOf(expireAt, node.clock) }
}
