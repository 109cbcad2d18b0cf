import type { CloseCode } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import type { ConnectionContext } from '../connection/context.ts'
import type { Clock } from '../ports.ts'
import { sleep } from '../util/sleep.ts'

/** Closes happen in steps of this length, ms. */
const STEP = 50
/** After the last close frame the sockets have this long to end, ms. */
const LAST_WAIT = 5000

/**
 * Closes every connection, those that come meanwhile included, as {@link closePaced} does. Resolves when none is left, 5 s
 * after the last was asked to go, or once it is no longer `wanted`.
 */
export async function closeSpread(
  { clock, connections }: ConnectionContext,
  close: CloseCode,
  windowMs: number,
  wanted: () => boolean,
): Promise<void> {
  await closePaced(clock, connections, close, windowMs, wanted)
  const deadline = clock.monotonic() + LAST_WAIT
  while (wanted() && connections.size > 0 && clock.monotonic() < deadline) await sleep(clock, 10)
}

/**
 * Closes `connections` with `close`, at an even pace over `windowMs`, so that they do not all come back to the others at
 * once. Those with something on its way come last, so that it arrives. Resolves when all were asked to go.
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
    const passed = windowMs > 0 ? Math.min(1, (clock.monotonic() - started + STEP) / windowMs) : 1
    const due = Math.ceil((left + closed) * passed) - closed
    const now = passed < 1 ? idle.slice(0, due) : [...idle, ...busy]
    for (const connection of now) connection.close(close)
    closed += now.length
    if (left > now.length) await sleep(clock, STEP)
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
