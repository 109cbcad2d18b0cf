import { ERROR, type RpcRequest } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import { ReplyError } from '../errors.ts'
import type { Answer } from './answer.ts'
import type { HandlerContext } from './context.ts'

/** Errors: 108 if the application has no `onRpc`, and those of the hook. */
export async function handleRpc(
  node: HandlerContext,
  connection: Connection,
  request: RpcRequest,
): Promise<Answer<'rpc'>> {
  if (node.hooks.onRpc === undefined) throw new ReplyError(ERROR.notAvailable)
  const data = await node.hooks.onRpc(connection, request.method, request.data)
  return { result: data === undefined ? {} : { data } }
}
