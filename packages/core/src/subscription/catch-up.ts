/**
 * From a subscribe reply to live delivery: sends the recovered publications that the reply does not hold,
 * then the buffered pushes, at the pace of the socket. Sent at once, a long recovery would exceed the outbox:
 * the client would be closed as slow, reconnect, and read the whole history again.
 */
import type { Push, StoredPublication } from '@skein/protocol'
import { PushFrames, sendPush } from '../channel/fanout.ts'
import type { Connection } from '../connection/connection.ts'
import type { SubscriptionContext } from './context.ts'
import type { Subscription } from './subscription.ts'
import { hold, takeHeld } from './suspended.ts'

const ROOM_CHECK_INTERVAL_MS = 10

/** The subscription buffers until it is live, so that no push overtakes another. */
export function catchUp(
  node: SubscriptionContext,
  subscription: Subscription,
  rest: readonly StoredPublication[],
): void {
  const { connection, channel } = subscription
  let sent = 0
  const step = (): void => {
    if (!subscription.alive) return
    if (connection.expired) {
      if (sent < rest.length) subscription.disturbed = true
      hold(subscription)
      return
    }
    for (
      let next = peek(subscription, rest[sent]);
      next !== undefined;
      next = peek(subscription, rest[sent])
    ) {
      if (subscription.disturbed || leavesHole(subscription, next)) break
      if (!connection.outbox.hasRoomFor(size(next))) {
        node.clock.setTimeout(step, ROOM_CHECK_INTERVAL_MS)
        return
      }
      if (sent < rest.length) sent++
      else subscription.buffer?.shift()
      sendNow(subscription, next)
      if (!subscription.alive) return
    }
    const broken = subscription.disturbed || (subscription.buffer?.length ?? 0) > 0
    subscription.buffer = undefined
    if (!broken) return
    node.events.emit('gap', { channel: channel.name, missing: 0, outcome: 'notified' })
    connection.loseState(subscription)
  }
  step()
}

/**
 * Delivers what waited for the refresh of the token. A subscription that missed publications loses its state,
 * and its SDK recovers.
 */
export function resume(node: SubscriptionContext, connection: Connection): void {
  for (const subscription of takeHeld(connection)) catchUp(node, subscription, [])
}

function peek(subscription: Subscription, stored: StoredPublication | undefined): Push | undefined {
  if (stored === undefined) return subscription.buffer?.[0]
  return { kind: 'pub', channel: subscription.channel.name, ...stored }
}

/** The buffer overflowed and was emptied. */
function leavesHole({ positioned, from }: Subscription, push: Push): boolean {
  return positioned && push.kind === 'pub' && push.offset > from + 1
}

function size(push: Push): number {
  return push.kind === 'pub' ? push.envelope.length : 0
}

function sendNow(subscription: Subscription, push: Push): void {
  if (push.kind === 'pub' && push.offset > 0) {
    if (push.offset <= subscription.from) return
    subscription.from = push.offset
  }
  if (subscription.connection.open) sendPush(subscription, new PushFrames(push, false))
}
