import type { CloseCode } from '@skein/protocol'
import type { NodeContext } from './node-context.ts'
import { sleep } from './sleep.ts'

/** Closes happen in steps of this length, ms. */
const STEP = 50
/** After the last close frame the sockets have this long to end, ms. */
const LAST_WAIT = 5000

/**
 * Closes every connection with `close`, at an even pace over `windowMs`, so that they do not all come back to the others at
 * once. Resolves when none is left, or 5 s after the last was asked to go.
 */
export async function closeSpread(node: NodeContext, close: CloseCode, windowMs: number): Promise<void> {
  const { connections, clock } = node
  const started = clock.monotonic()
  let closed = 0
  for (;;) {
    const left = [...connections].filter((connection) => connection.open)
    if (left.length === 0) break
    const passed = windowMs > 0 ? Math.min(1, (clock.monotonic() - started + STEP) / windowMs) : 1
    const due = Math.ceil((left.length + closed) * passed) - closed
    for (const connection of left.slice(0, due)) connection.close(close)
    closed += Math.max(0, due)
    if (left.length > due) await sleep(clock, STEP)
  }
  const deadline = clock.monotonic() + LAST_WAIT
  while (connections.size > 0 && clock.monotonic() < deadline) await sleep(clock, 10)
}
