import { ERROR, type HistoryRequest } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import { ReplyError } from '../errors.ts'
import { readHistory } from '../subscription/history.ts'
import type { Answer } from './answer.ts'
import type { HandlerContext } from './context.ts'
import { demand } from './permissions.ts'

/**
 * Errors: 102, 107 (channel), 108 if the namespace keeps no history, 103, 112 (another epoch), 100
 * (temporary).
 */
export async function handleHistory(
  node: HandlerContext,
  connection: Connection,
  request: HistoryRequest,
): Promise<Answer<'history'>> {
  const namespace = node.channels.of(request.channel)
  if (namespace.historySize === 0) throw new ReplyError(ERROR.notAvailable)
  demand(namespace.history, connection, request.channel)
  const { publications, epoch, offset } = await readHistory(node, request.channel, namespace, request)
  return { result: { publications, epoch, offset } }
}
