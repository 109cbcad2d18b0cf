import { type ChannelRequest, type ClientInfo, ERROR } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import { ReplyError } from '../errors.ts'
import type { ResolvedNamespace } from '../namespaces/channels.ts'
import { readPresence } from '../subscription/client-info.ts'
import type { Answer } from './answer.ts'
import type { HandlerContext } from './context.ts'
import { demand } from './permissions.ts'

/**
 * Errors: 102, 107 (channel), 108 if the namespace keeps no presence, 103, 106 for too many connections, 100
 * (temporary).
 */
export async function handlePresence(
  node: HandlerContext,
  connection: Connection,
  request: ChannelRequest,
): Promise<Answer<'presence'>> {
  const namespace = permitPresence(node, connection, request.channel)
  await rejectCrowd(node, request.channel, namespace)
  const entries = await readPresence(node.cluster, request.channel, namespace)
  const presence: Record<string, ClientInfo> = {}
  for (const info of entries) presence[info.client] = info
  return { result: { presence } }
}

/** Redis counts in constant time; a list takes a microsecond for each member. */
async function rejectCrowd(
  { cluster }: HandlerContext,
  channel: string,
  { presenceLimit, suspected }: ResolvedNamespace,
): Promise<void> {
  if (presenceLimit === 0) return
  const { clients } = await cluster.presence.stats(channel, suspected)
  if (clients <= presenceLimit) return
  throw new ReplyError(
    ERROR.limitExceeded,
    `${clients} connections are more than ${presenceLimit}: ask for presence_stats`,
  )
}

export function permitPresence(
  node: HandlerContext,
  connection: Connection,
  channel: string,
): ResolvedNamespace {
  const namespace = node.channels.of(channel)
  if (!namespace.presence) throw new ReplyError(ERROR.notAvailable)
  demand(namespace.presenceFor, connection, channel)
  return namespace
}
