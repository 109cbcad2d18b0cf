/** The one place of core that knows real time; everything else takes a {@link Clock}, so that it can be simulated. */
import type { Clock, Timer } from './ports.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (run, ms): Timer => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
}
