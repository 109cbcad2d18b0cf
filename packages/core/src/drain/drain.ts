/** Closes the connections of a node that ends, or that is drained for maintenance. */
import type { CloseCode } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import type { ConnectionContext } from '../connection/context.ts'
import type { Clock } from '../ports.ts'
import { sleep } from '../util/sleep.ts'

const CLOSE_INTERVAL_MS = 50
/** Time for the sockets to end after the last close frame. */
const CLOSE_HANDSHAKE_TIMEOUT_MS = 5000
const POLL_INTERVAL_MS = 10

/**
 * Closes every connection as {@link closePaced} does, new ones included. Resolves when none is left, 5 s
 * after the last close frame, or once the drain is no longer `wanted`.
 */
export async function closeSpread(
  { clock, connections }: ConnectionContext,
  close: CloseCode,
  windowMs: number,
  wanted: () => boolean,
): Promise<void> {
  await closePaced(clock, connections, close, windowMs, wanted)
  const deadline = clock.monotonic() + CLOSE_HANDSHAKE_TIMEOUT_MS
  while (wanted() && connections.size > 0 && clock.monotonic() < deadline)
    await sleep(clock, POLL_INTERVAL_MS)
}

/**
 * Closes `connections` at an even pace over `windowMs`, so that their clients do not all reconnect at once.
 * Connections with something in flight close last, so that it arrives. Resolves when every close frame is
 * sent.
 */
export async function closePaced(
  clock: Clock,
  connections: Iterable<Connection>,
  close: CloseCode,
  windowMs: number,
  wanted: () => boolean = () => true,
): Promise<void> {
  const started = clock.monotonic()
  let closed = 0
  while (wanted()) {
    const { idle, busy } = openOnes(connections)
    const left = idle.length + busy.length
    if (left === 0) break
    const passed =
      windowMs > 0 ? Math.min(1, (clock.monotonic() - started + CLOSE_INTERVAL_MS) / windowMs) : 1
    const due = Math.ceil((left + closed) * passed) - closed
    const now = passed < 1 ? idle.slice(0, due) : [...idle, ...busy]
    for (const connection of now) connection.close(close)
    closed += now.length
    if (left > now.length) await sleep(clock, CLOSE_INTERVAL_MS)
  }
}

function openOnes(connections: Iterable<Connection>): { idle: Connection[]; busy: Connection[] } {
  const idle: Connection[] = []
  const busy: Connection[] = []
  for (const connection of connections) {
    if (connection.open) (connection.busy ? busy : idle).push(connection)
  }
  return { idle, busy }
}
