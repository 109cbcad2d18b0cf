/** The parts of a node that outboxes and channels use, without the node. */
import { Events } from '../events.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import type { Limits } from '../node-api.ts'
import type { OutboxContext } from '../outbox/context.ts'
import { Flushers } from '../outbox/flusher.ts'
import { Writes } from '../outbox/writes.ts'
import { TestClock } from './clock.ts'

/** `writeDelay` is 10 ms unless `limits` has another. */
export function outboxContext(limits: Partial<Limits> = {}): OutboxContext & { readonly clock: TestClock } {
  const all = { ...DEFAULT_LIMITS, ...limits }
  const clock = new TestClock()
  const writes = new Writes()
  return {
    clock,
    events: new Events(),
    limits: all,
    writes,
    flushers: new Flushers(clock, all.writeDelay, writes),
    counters: { framesSent: 0, messagesSent: 0, bytesSent: 0, outboxBytes: 0 },
  }
}
