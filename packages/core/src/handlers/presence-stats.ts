import type { ChannelRequest } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import type { Answer } from './answer.ts'
import type { HandlerContext } from './context.ts'
import { permitPresence } from './presence.ts'

/** Errors as for presence. */
export async function handlePresenceStats(
  node: HandlerContext,
  connection: Connection,
  request: ChannelRequest,
): Promise<Answer<'presence_stats'>> {
  const { suspected } = permitPresence(node, connection, request.channel)
  const { clients, users } = await node.cluster.presence.stats(request.channel, suspected)
  return { result: { numClients: clients, numUsers: users } }
}
