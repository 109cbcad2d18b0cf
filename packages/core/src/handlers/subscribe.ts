import { because, CLOSE, ERROR, type SubscribeRequest } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import { CloseError, ReplyError } from '../errors.ts'
import type { SubscribeDecision, SubscriptionGrant } from '../hooks.ts'
import { personalUser, type ResolvedNamespace } from '../namespaces/channels.ts'
import { requestedPosition } from '../subscription/recovery.ts'
import { prepare } from '../subscription/subscribe.ts'
import type { Answer } from './answer.ts'
import type { HandlerContext } from './context.ts'
import { verifySubscriptionToken } from './verify-token.ts'

/**
 * The one supported delta format. For any other the reply has no `delta`, and the client receives no deltas.
 */
const DELTA = 'fossil'

/** Flag of a command: error 112 instead of `recovered: false`. SDKs with `getState` send it. */
const FLAG_STRICT = 2

/**
 * Errors: 102, 107 (channel), 103 (permission, token, a subscription type that is not a stream), 105 (already
 * subscribed), 106 (too many), 109 (token expired), 110 (grant expired), 112 (see {@link FLAG_STRICT}), 100
 * (temporary).
 */
export async function handleSubscribe(
  node: HandlerContext,
  connection: Connection,
  request: SubscribeRequest,
): Promise<Answer<'subscribe'>> {
  const { channel } = request
  if (channel === '') throw new CloseError(because(CLOSE.badRequest, 'channel is empty'))
  const namespace = node.channels.of(channel)
  if ((request.type ?? 0) !== 0)
    throw new ReplyError(ERROR.permissionDenied, 'only stream subscriptions are supported')
  if (connection.subscriptions.has(channel)) throw new ReplyError(ERROR.alreadySubscribed)
  if (connection.subscriptions.size >= node.limits.subscriptionsPerConnection)
    throw new ReplyError(ERROR.limitExceeded)
  const allowed = await authorize(node, connection, request, namespace)
  const prepared = await prepare(node, connection, {
    channel,
    namespace,
    serverSide: false,
    since: requestedPosition(request),
    joinLeave: request.joinLeave === true,
    deltas: request.delta === DELTA && namespace.delta,
    ...allowed,
  })
  if (prepared.recovered === false && ((request.flag ?? 0) & FLAG_STRICT) !== 0) {
    prepared.cancel()
    throw new ReplyError(ERROR.unrecoverablePosition)
  }
  const publications = prepared.result.publications?.length ?? 0
  node.events.emit('subscribed', { client: connection, channel, recovered: prepared.recovered, publications })
  return { result: prepared.result, afterwards: prepared.live }
}

/**
 * Merges the grant of the token with the hook's decision. Throws if neither they nor the namespace permit it.
 */
async function authorize(
  node: HandlerContext,
  connection: Connection,
  request: SubscribeRequest,
  namespace: ResolvedNamespace,
): Promise<Pick<SubscriptionGrant, 'info' | 'expireAt'> & Pick<SubscribeDecision, 'data'>> {
  const { channel, token, data } = request
  const grant =
    token === undefined || token === ''
      ? undefined
      : await verifySubscriptionToken(node, token, channel, connection.user)
  const decision = await node.hooks.onSubscribe?.(connection, {
    channel,
    data,
    tokenVerified: grant !== undefined,
  })
  const own = personalUser(channel) === connection.user && connection.user !== ''
  const open = namespace.subscribe === 'anyone' || (namespace.subscribe === 'token' && grant !== undefined)
  if (!(open || own || decision?.allow === true)) throw new ReplyError(ERROR.permissionDenied)
  const expireAt = decision?.expireAt ?? grant?.expireAt
  if (expireAt !== undefined && expireAt * 1000 <= node.clock.now()) throw new ReplyError(ERROR.expired)
  const info = decision?.info ?? grant?.info
  return {
    ...(info !== undefined && { info }),
    ...(expireAt !== undefined && { expireAt }),
    ...(decision?.data !== undefined && { data: decision.data }),
  }
}
