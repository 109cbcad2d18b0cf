/** The bounds of admission and their current use. */
import type { SkeinNode } from '@skein/core'
import type { Registry } from 'prom-client'
import type { Admission } from '../admission/admission.ts'
import { gauge } from './readings.ts'

export function showBounds(
  registry: Registry,
  node: Pick<SkeinNode, 'stats'>,
  admission: Pick<Admission, 'maxConnections' | 'halfOpen' | 'waiting'>,
): void {
  gauge(
    registry,
    'skein_connections_max',
    'Maximum number of connections; +Inf: no bound.',
    () => admission.maxConnections,
  )
  gauge(
    registry,
    'skein_connections_half_open',
    'Connections without a reply to `connect`.',
    () => admission.halfOpen,
  )
  gauge(
    registry,
    'skein_handshakes_waiting',
    'Handshakes delayed by SKEIN_HANDSHAKE_RATE.',
    () => admission.waiting,
  )
  gauge(
    registry,
    'skein_connects_waiting',
    'Connect commands delayed by SKEIN_CONNECTS_AT_ONCE.',
    () => node.stats().connectsWaiting,
  )
}
