import { type ChannelRequest, type ClientInfo, ERROR } from '@skein/protocol'
import type { Connection } from '../connection.ts'
import type { Answer } from '../dispatch.ts'
import { ReplyError } from '../errors.ts'
import type { NodeContext } from '../node-context.ts'
import { demand } from '../permissions.ts'

/** Errors: 102, 107 (channel), 108 where the namespace keeps no presence, 103, 100 (temporary). */
export async function handlePresence(
  node: NodeContext,
  connection: Connection,
  request: ChannelRequest,
): Promise<Answer<'presence'>> {
  permitPresence(node, connection, request.channel)
  const entries = await node.cluster.presence.list(request.channel)
  const presence: Record<string, ClientInfo> = {}
  for (const info of entries) presence[info.client] = info
  return { result: { presence } }
}

export function permitPresence(node: NodeContext, connection: Connection, channel: string): void {
  const namespace = node.channels.of(channel)
  if (!namespace.presence) throw new ReplyError(ERROR.notAvailable)
  demand(namespace.presenceFor, connection, channel)
}
