/**
 * Subscriptions of connections whose token has expired. Their pushes wait in the subscription's buffer, which
 * is bounded like that of a subscription being set up, until a refresh.
 */
import type { Connection } from '../connection/connection.ts'
import type { Subscription } from './subscription.ts'

/** Without a field on connections and subscriptions: few ever expire. */
const suspended = new WeakMap<Connection, Set<Subscription>>()

/** Its buffer exists: pushes wait in it. */
export function hold(subscription: Subscription): void {
  const held = suspended.get(subscription.connection)
  if (held === undefined) suspended.set(subscription.connection, new Set([subscription]))
  else held.add(subscription)
}

/** Removes and returns the subscriptions that wait. */
export function takeHeld(connection: Connection): Iterable<Subscription> {
  const held = suspended.get(connection)
  suspended.delete(connection)
  return held ?? []
}
