import type { ChannelRequest } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import type { NodeContext } from '../node/node-context.ts'
import { endSubscription } from '../subscription/unsubscribe.ts'
import type { Answer } from './dispatch.ts'

/** Always succeeds: a channel that is not subscribed is as unsubscribed as one can wish. */
export function handleUnsubscribe(
  node: NodeContext,
  connection: Connection,
  request: ChannelRequest,
): Answer<'unsubscribe'> {
  const subscription = connection.subscriptions.get(request.channel)
  if (subscription !== undefined && connection.removeSubscription(subscription)) {
    endSubscription(node, subscription, { code: 0, reason: 'client unsubscribed' })
  }
  return { result: {} }
}
