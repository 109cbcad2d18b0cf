/** Asks single connections of a node that goes on to come back: a few at a time, and none in the middle of something. */
import { because, CLOSE } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import type { ConnectionContext } from '../connection/context.ts'

/** Closes `connections` with 3011 and the reason. */
export function shed(
  node: ConnectionContext,
  connections: readonly Connection[],
  reason: 'rebalance' | 'age',
): void {
  if (connections.length === 0) return
  const close = because(CLOSE.forceReconnect, reason)
  for (const connection of connections) connection.close(close)
  node.events.emit('shed', { reason, connections: connections.length })
}

/** Up to `count` of those that `fits` names, the oldest first, with nothing on its way in or out. */
export function quietOnes(
  connections: Iterable<Connection>,
  count: number,
  fits: (connection: Connection) => boolean = () => true,
): Connection[] {
  const found: Connection[] = []
  for (const connection of connections) {
    if (found.length >= count) break
    if (connection.state === 'established' && !connection.busy && fits(connection)) found.push(connection)
  }
  return found
}
