import { ERROR, type SubRefreshRequest } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import { ReplyError } from '../errors.ts'
import type { Answer } from './answer.ts'
import type { HandlerContext } from './context.ts'
import { verifySubscriptionToken } from './verify-token.ts'

/**
 * Errors: 103 for a channel that is not subscribed or an invalid token, 107 without token, 109 for an expired
 * one.
 */
export async function handleSubRefresh(
  node: HandlerContext,
  connection: Connection,
  request: SubRefreshRequest,
): Promise<Answer<'sub_refresh'>> {
  const subscription = connection.subscriptions.get(request.channel)
  if (subscription === undefined)
    throw new ReplyError(ERROR.permissionDenied, 'the channel is not subscribed')
  if (request.token === undefined || request.token === '')
    throw new ReplyError(ERROR.badRequest, 'token is missing')
  const { expireAt } = await verifySubscriptionToken(node, request.token, request.channel, connection.user)
  subscription.expireAt = expireAt ?? 0
  if (expireAt === undefined) return { result: {} }
  const left = expireAt - node.clock.now() / 1000
  connection.heartbeat.expireSubscriptionAt(expireAt)
  return { result: { expires: true, ttl: Math.max(1, Math.ceil(left)) } }
}
