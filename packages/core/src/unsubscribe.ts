import { personalUser } from './channels.ts'
import type { NodeContext } from './node-context.ts'
import { presenceInfo } from './presence-info.ts'
import type { Subscription } from './subscription.ts'

/** Takes a subscription out of the hub, and out of the cluster without waiting. The connection has let go of it already. */
export function endSubscription(
  node: NodeContext,
  subscription: Subscription,
  why: { readonly code: number; readonly reason: string },
): void {
  const { channel, connection } = subscription
  channel.remove(subscription)
  node.hub.release(channel)
  if (subscription.interested) node.interest.release(channel.name)
  subscription.interested = false
  if (subscription.present) {
    const info = presenceInfo(connection, subscription)
    const remove = () => node.cluster.presence.remove(channel.name, info, subscription.announced)
    node.cleanup.run(remove, presenceEntry(subscription))
  }
  node.events.emit('unsubscribed', { client: connection, channel: channel.name, ...why })
  const told = async (): Promise<void> => node.hooks.onUnsubscribe?.(connection, channel.name)
  told().catch((error: unknown) =>
    node.events.emit('internalError', { where: 'onUnsubscribe', error, client: connection }),
  )
}

/** Names a connection's presence in a channel, for the node's cleanup. */
export function presenceEntry({ connection, channel }: Subscription): string {
  return `${connection.client} ${channel.name}`
}

/** Personal channels come by the session index; the broker is not asked for them. */
export function needsInterest(channel: string): boolean {
  return personalUser(channel) === undefined
}
