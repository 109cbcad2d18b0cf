import type { IntegrationEvent } from '../events/integration-event.ts'
import type { Backoff } from './backoff.ts'
import type { BreakerOptions } from './breaker.ts'

/** Receives integration events at least once, independently of other listeners. */
export interface Listener {
  /** Name of its consumer group: the same on every node and after a restart. */
  readonly name: string
  /** Event types to receive. Absent: all. */
  readonly events?: readonly IntegrationEvent['type'][]
  readonly backoff?: Backoff
  readonly breaker?: BreakerOptions
  /** Resolves to acknowledge the event. A rejection or the `backoff.timeout` causes a retry. */
  deliver(event: IntegrationEvent): Promise<void>
}
