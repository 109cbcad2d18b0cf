/** Closes single connections, whose clients reconnect. The node continues to serve. */
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

/** Up to `count` established connections that satisfy `fits` and have nothing in flight, in their order. */
export function idleConnections(
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
