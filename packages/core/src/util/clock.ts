/** Real time. All other code of core takes a {@link Clock}, so that tests can simulate time. */
import type { Clock, Timer } from '../ports.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  // `setTimeout` waits for at least a millisecond.
  setTimeout: (run, ms): Timer => (ms > 0 ? setTimeout(run, ms) : setImmediate(run)),
  clearTimeout: (timer) => {
    clearTimeout(timer as NodeJS.Timeout)
    clearImmediate(timer as NodeJS.Immediate)
  },
}
