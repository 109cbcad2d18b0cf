/** What should be rare: full queues, the bus away, errors nobody foresaw. */
import type { Events } from '@skein/core'
import type { Registry } from 'prom-client'
import { Tally } from './tally.ts'

export function countTrouble(registry: Registry, events: Events): void {
  const overflows = new Tally(
    registry,
    'skein_overflows_total',
    'Queues that were full, and what was done about it.',
    ['queue', 'policy'],
  )
  const restored = new Tally(
    registry,
    'skein_bus_restored_total',
    'Times the bus was away and came back.',
    [],
  )
  const internal = new Tally(
    registry,
    'skein_internal_errors_total',
    'Errors nobody foresaw; each is in the log.',
    ['where'],
  )
  const listeners = new Tally(registry, 'skein_listener_errors_total', 'Listeners of events that threw.', [
    'event',
  ])
  events.on('overflow', ({ queue, policy }) => overflows.add([queue, policy]))
  events.on('busRestored', () => restored.add([]))
  events.on('internalError', ({ where }) => internal.add([where]))
  events.on('listenerError', ({ event }) => listeners.add([event]))
}
