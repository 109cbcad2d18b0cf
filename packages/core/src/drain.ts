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
  const end = clock.monotonic() + windowMs
  for (;;) {
    const left = [...connections].filter((connection) => connection.open)
    if (left.length === 0) break
    const steps = Math.max(1, Math.ceil((end - clock.monotonic()) / STEP))
    for (const connection of left.slice(0, Math.ceil(left.length / steps))) connection.close(close)
    if (steps > 1) await sleep(clock, STEP)
  }
  const deadline = clock.monotonic() + LAST_WAIT
  while (connections.size > 0 && clock.monotonic() < deadline) await sleep(clock, 10)
}
