import { because, CLOSE, type SendRequest } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import { CloseError } from '../errors.ts'
import type { HandlerContext } from './context.ts'

/** An asynchronous message without a reply. Closes with 3508 if the application has no `onMessage`. */
export async function handleSend(
  node: HandlerContext,
  connection: Connection,
  request: SendRequest,
): Promise<undefined> {
  if (node.hooks.onMessage === undefined)
    throw new CloseError(because(CLOSE.notAvailable, 'nobody handles send here'))
  if (request.data === undefined) throw new CloseError(because(CLOSE.badRequest, 'send without data'))
  await node.hooks.onMessage(connection, request.data)
  return undefined
}
