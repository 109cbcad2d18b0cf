import { because, CLOSE, ERROR, type RefreshRequest } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import { CloseError, ReplyError } from '../errors.ts'
import type { Answer } from './answer.ts'
import type { HandlerContext } from './context.ts'
import { verifyToken } from './verify-token.ts'

/**
 * Errors: 107 without token, 109 or 110 for an expired one; closes with 3500 for an invalid one or another
 * user's.
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
  await node.hooks.onRefresh?.(connection, credentials)
  return { result: refreshed(node, connection, credentials.expireAt) }
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
  const about = { client: connection.client, version: node.version }
  if (expireAt === undefined) return about
  return { ...about, expires: true, ttl: Math.max(1, Math.ceil(expireAt - node.clock.now() / 1000)) }
}
