import { because, CLOSE, ERROR } from '@skein/protocol'
import { CloseError, ReplyError } from './errors.ts'
import type { NodeContext } from './node-context.ts'
import type { Credentials } from './socket.ts'

/** Throws `CloseError` 3500 for an invalid token, `ReplyError` 109 for an expired one. */
export async function verifyToken(node: NodeContext, token: string): Promise<Credentials> {
  if (node.tokens === undefined)
    throw new CloseError(because(CLOSE.invalidToken, 'this server accepts no tokens'))
  const credentials = await node.tokens.connection(token)
  const { expireAt } = credentials
  if (expireAt !== undefined && expireAt * 1000 <= node.clock.now()) throw new ReplyError(ERROR.tokenExpired)
  return credentials
}
