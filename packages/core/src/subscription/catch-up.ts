/**
 * From a subscribe reply to live delivery: what the reply did not hold, then what was published meanwhile, as fast as the
 * socket takes it. All at once would be more than an outbox may hold: the client would be closed for being slow with a few
 * publications taken, come back, and have the whole history read again for the next few.
 */
import type { Push, StoredPublication } from '@skein/protocol'
import { PushFrames, sendPush } from '../channel/fanout.ts'
import type { SubscriptionContext } from './context.ts'
import type { Subscription } from './subscription.ts'

/** Between two looks whether the outbox has room again, ms. */
const PAUSE = 10

/** Until it is done the subscription goes on buffering, so that nothing overtakes. */
export function catchUp(
  node: SubscriptionContext,
  subscription: Subscription,
  rest: readonly StoredPublication[],
): void {
  const { connection, channel } = subscription
  let sent = 0
  const step = (): void => {
    if (!subscription.alive) return
    for (
      let next = peek(subscription, rest[sent]);
      next !== undefined;
      next = peek(subscription, rest[sent])
    ) {
      if (subscription.disturbed || leavesHole(subscription, next)) break
      if (!connection.outbox.hasRoomFor(size(next))) {
        node.clock.setTimeout(step, PAUSE)
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
    node.events.emit('gap', { channel: channel.name, missing: 0, outcome: 'told' })
    connection.loseState(subscription)
  }
  step()
}

function peek(subscription: Subscription, stored: StoredPublication | undefined): Push | undefined {
  if (stored === undefined) return subscription.buffer?.[0]
  return { kind: 'pub', channel: subscription.channel.name, ...stored }
}

/** The buffer was full, and what was in it was let go. */
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
