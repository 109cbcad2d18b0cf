import { type ChannelRequest, type ClientInfo, ERROR } from '@skein/protocol'
import type { ResolvedNamespace } from '../channels.ts'
import type { Connection } from '../connection.ts'
import type { Answer } from '../dispatch.ts'
import { ReplyError } from '../errors.ts'
import type { NodeContext } from '../node-context.ts'
import { demand } from '../permissions.ts'
import { readPresence } from '../presence-info.ts'

/** Errors: 102, 107 (channel), 108 where the namespace keeps no presence, 103, 100 (temporary). */
export async function handlePresence(
  node: NodeContext,
  connection: Connection,
  request: ChannelRequest,
): Promise<Answer<'presence'>> {
  const namespace = permitPresence(node, connection, request.channel)
  const entries = await readPresence(node.cluster, request.channel, namespace)
  const presence: Record<string, ClientInfo> = {}
  for (const info of entries) presence[info.client] = info
  return { result: { presence } }
}

export function permitPresence(
  node: NodeContext,
  connection: Connection,
  channel: string,
): ResolvedNamespace {
  const namespace = node.channels.of(channel)
  if (!namespace.presence) throw new ReplyError(ERROR.notAvailable)
  demand(namespace.presenceFor, connection, channel)
  return namespace
}
