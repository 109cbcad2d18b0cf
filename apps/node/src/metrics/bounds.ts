/** How near the bounds of admission are. */
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
    'Connections that this node may have; +Inf: no bound.',
    () => admission.maxConnections,
  )
  gauge(
    registry,
    'skein_connections_half_open',
    'Connections that have not been answered `connect`.',
    () => admission.halfOpen,
  )
  gauge(registry, 'skein_handshakes_waiting', 'Handshakes waiting for their turn.', () => admission.waiting)
  gauge(
    registry,
    'skein_connects_waiting',
    'Connect commands waiting for their turn.',
    () => node.stats().connectsWaiting,
  )
}
