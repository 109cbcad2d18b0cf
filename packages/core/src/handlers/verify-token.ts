import { because, CLOSE, ERROR } from '@skein/protocol'
import { CloseError, ReplyError } from '../errors.ts'
import type { SubscriptionGrant } from '../hooks.ts'
import type { Credentials } from '../socket.ts'
import type { HandlerContext } from './context.ts'

/** Throws `CloseError` 3500 for an invalid or too long token, `ReplyError` 109 for an expired one. */
export async function verifyToken(node: HandlerContext, token: string): Promise<Credentials> {
  if (node.tokens === undefined)
    throw new CloseError(because(CLOSE.invalidToken, 'this server accepts no tokens'))
  const bytes = token.length // JWTs are ASCII
  if (bytes > node.limits.tokenLength)
    throw new CloseError(because(CLOSE.invalidToken, `it is longer than ${node.limits.tokenLength} bytes`))
  const credentials = await node.tokens.connection(token)
  const { expireAt } = credentials
  if (expireAt !== undefined && expireAt * 1000 <= node.clock.now()) throw new ReplyError(ERROR.tokenExpired)
  return credentials
}

/**
 * Throws `ReplyError`: 103 for an invalid token, 109 for an expired one. Also 109 for a token within the
 * verifier's clock tolerance: SDKs fetch a new token at 109 and give the subscription up at 110.
 */
export async function verifySubscriptionToken(
  node: HandlerContext,
  token: string,
  channel: string,
  user: string,
): Promise<SubscriptionGrant> {
  if (node.tokens === undefined) throw new ReplyError(ERROR.permissionDenied, 'this server accepts no tokens')
  const grant = await node.tokens.subscription(token, channel, user)
  if (grant.expireAt !== undefined && grant.expireAt * 1000 <= node.clock.now()) {
    throw new ReplyError(ERROR.tokenExpired)
  }
  return grant
}
