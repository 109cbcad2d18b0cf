import type { IntegrationEvent } from '../events/integration-event.ts'
import type { Backoff } from './backoff.ts'
import type { BreakerOptions } from './breaker.ts'

/** Hears integration events, at least once, whatever other listeners do. */
export interface Listener {
  /** Names its consumer group: the same on every node, and over restarts. */
  readonly name: string
  /** Those it hears. Absent: all. */
  readonly events?: readonly IntegrationEvent['type'][]
  readonly backoff?: Backoff
  readonly breaker?: BreakerOptions
  /** Resolves when the event is taken; anything else is tried again. Ends within `backoff.timeout`. */
  deliver(event: IntegrationEvent): Promise<void>
}
