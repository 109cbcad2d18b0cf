import type { Events } from '../events.ts'
import type { Limits } from '../node-api.ts'
import type { Clock } from '../ports.ts'
import type { Flushers } from './flusher.ts'
import type { Writes } from './writes.ts'

/** The part of the node that outboxes use. */
export interface OutboxContext {
  readonly clock: Clock
  readonly events: Events
  readonly limits: Limits
  readonly flushers: Flushers
  readonly writes: Writes
  readonly counters: WriteCounters
}

/** Counted on the hot path, read when scraped. */
export interface WriteCounters {
  framesSent: number
  messagesSent: number
  bytesSent: number
  /** Bytes that wait now; the other counters are totals. */
  outboxBytes: number
}
