/** Rare events: full queues, a lost bus, unexpected errors. */
import type { Events } from '@skein/core'
import type { Registry } from 'prom-client'
import { isExpected } from '../log/outage.ts'
import { Tally } from './tally.ts'

export function countTrouble(registry: Registry, events: Events): void {
  const overflows = new Tally(
    registry,
    'skein_overflows_total',
    'Full queues, by the policy that was applied.',
    ['queue', 'policy'],
  )
  const restored = new Tally(
    registry,
    'skein_bus_restored_total',
    'Reconnects of the bus after it was lost.',
    [],
  )
  const internal = new Tally(
    registry,
    'skein_internal_errors_total',
    'Unexpected errors; each is in the log.',
    ['where'],
  )
  const unavailable = new Tally(
    registry,
    'skein_unavailable_total',
    'Calls that failed because the cluster did not answer or refused them. Expected during an outage.',
    ['where'],
  )
  const listeners = new Tally(
    registry,
    'skein_listener_errors_total',
    'Errors thrown by listeners of events.',
    ['event'],
  )
  events.on('overflow', ({ queue, policy }) => overflows.add([queue, policy]))
  events.on('busRestored', () => restored.add([]))
  events.on('internalError', ({ where, error }) => (isExpected(error) ? unavailable : internal).add([where]))
  events.on('listenerError', ({ event }) => listeners.add([event]))
}
