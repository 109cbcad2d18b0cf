import type { ChannelRequest } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import type { Answer } from './answer.ts'

/** Succeeds for a channel without a subscription, too. */
export function handleUnsubscribe(connection: Connection, request: ChannelRequest): Answer<'unsubscribe'> {
  const subscription = connection.subscriptions.get(request.channel)
  if (subscription !== undefined)
    connection.endSubscription(subscription, { code: 0, reason: 'client unsubscribed' })
  return { result: {} }
}
