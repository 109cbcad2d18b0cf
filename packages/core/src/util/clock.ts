/** The one place of core that knows real time; everything else takes a {@link Clock}, so that it can be simulated. */
import type { Clock, Timer } from '../ports.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  // `setTimeout` would wait for a millisecond at least.
  setTimeout: (run, ms): Timer => (ms > 0 ? setTimeout(run, ms) : setImmediate(run)),
  clearTimeout: (timer) => {
    clearTimeout(timer as NodeJS.Timeout)
    clearImmediate(timer as NodeJS.Immediate)
  },
}
