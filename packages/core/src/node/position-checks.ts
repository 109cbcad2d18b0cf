import { sleep } from '../util/sleep.ts'
import type { NodeContext } from './context.ts'
import type { Lifecycle } from './lifecycle.ts'

/** Compares idle channels with their streams until the node is closed. */
export async function checkPositions(
  { clock, hub, limits, random }: NodeContext,
  lifecycle: Pick<Lifecycle, 'serving' | 'closed'>,
): Promise<void> {
  while (!lifecycle.closed) {
    // Between 75 % and 100 % of the interval, so that the nodes do not query Redis at the same moment.
    await sleep(clock, limits.positionCheckInterval * (0.75 + random() / 4))
    if (lifecycle.serving) await hub.checkIdle(clock.monotonic() - limits.positionCheckInterval * 0.75)
  }
}
