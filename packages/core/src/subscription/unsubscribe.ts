import { reconnects } from '@skein/protocol'
import { personalUser } from '../namespaces/channels.ts'
import type { NodeContext } from '../node/node-context.ts'
import { presenceInfo } from './client-info.ts'
import type { Subscription } from './subscription.ts'

/**
 * Takes a subscription out of the hub, and out of the cluster without waiting. The connection has let go of it already. `lost`:
 * the client did not ask for it and may be back, so that its leave has time.
 */
export function endSubscription(
  node: NodeContext,
  subscription: Subscription,
  why: { readonly code: number; readonly reason: string },
  lost = false,
): void {
  const { channel, connection } = subscription
  channel.remove(subscription)
  node.hub.release(channel)
  if (subscription.interested) node.interest.release(channel.name)
  subscription.interested = false
  if (subscription.present) {
    const info = presenceInfo(connection, subscription)
    const grace = lost ? channel.namespace.leaveGrace * 1000 : 0
    const remove = () => node.cluster.presence.remove(channel.name, info, subscription.announced, grace)
    node.cleanup.run(remove, presenceEntry(subscription))
  }
  node.events.emit('unsubscribed', { client: connection, channel: channel.name, ...why })
  const told = async (): Promise<void> => node.hooks.onUnsubscribe?.(connection, channel.name)
  told().catch((error: unknown) =>
    node.events.emit('internalError', { where: 'onUnsubscribe', error, client: connection }),
  )
}

/** Whether the client of a connection that ended so may be back: it did not go by itself, and was not sent away for good. */
export function mayReturn(code: number): boolean {
  // 1005: a close frame without a code, which is what `WebSocket.close()` sends, and with it every SDK that disconnects.
  return code !== 1000 && code !== 1005 && reconnects(code)
}

/** Names a connection's presence in a channel, for the node's cleanup. */
export function presenceEntry({ connection, channel }: Subscription): string {
  return `${connection.client} ${channel.name}`
}

/** Personal channels come by the session index; the broker is not asked for them. */
export function needsInterest(channel: string): boolean {
  return personalUser(channel) === undefined
}
