import { ERROR, type SubRefreshRequest } from '@skein/protocol'
import type { Connection } from '../connection.ts'
import type { Answer } from '../dispatch.ts'
import { ReplyError } from '../errors.ts'
import type { NodeContext } from '../node-context.ts'

/** Errors: 103 for a channel that is not subscribed or an invalid token, 107 without token, 109 or 110 when it is over. */
export async function handleSubRefresh(
  node: NodeContext,
  connection: Connection,
  request: SubRefreshRequest,
): Promise<Answer<'sub_refresh'>> {
  const subscription = connection.subscriptions.get(request.channel)
  if (subscription === undefined)
    throw new ReplyError(ERROR.permissionDenied, 'the channel is not subscribed')
  if (request.token === undefined || request.token === '')
    throw new ReplyError(ERROR.badRequest, 'token is missing')
  if (node.tokens === undefined) throw new ReplyError(ERROR.permissionDenied, 'this server accepts no tokens')
  const { expireAt } = await node.tokens.subscription(request.token, request.channel, connection.user)
  subscription.expireAt = expireAt ?? 0
  if (expireAt === undefined) return { result: {} }
  const left = expireAt - node.clock.now() / 1000
  if (left <= 0) throw new ReplyError(ERROR.expired)
  connection.heartbeat.watchSubscription(expireAt)
  return { result: { expires: true, ttl: Math.max(1, Math.ceil(left)) } }
}
