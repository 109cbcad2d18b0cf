/** Whether the node serves connections, and whether it drains. */
import type { SkeinNode } from '@skein/core'
import { Gauge, type Registry } from 'prom-client'
import type { Admission } from '../admission/admission.ts'
import type { Watches } from '../admission/start.ts'
import { gauge } from './readings.ts'

export function showReady(
  registry: Registry,
  node: Pick<SkeinNode, 'ready'>,
  admission: Pick<Admission, 'reasons'>,
): void {
  new Gauge({
    name: 'skein_ready',
    help: '1 while the node serves its clients and reaches Redis.',
    registers: [registry],
    async collect() {
      this.set((await node.ready()).ok ? 1 : 0)
    },
  })
  gauge(registry, 'skein_saturated', '1 while a full or overloaded node takes no new clients.', () =>
    admission.reasons.length > 0 ? 1 : 0,
  )
}

export function showReachable(registry: Registry, watches: Pick<Watches, 'clusterReachable'>): void {
  gauge(
    registry,
    'skein_cluster_reachable',
    '1 while the node reaches Redis; 0 after two failed checks.',
    () => (watches.clusterReachable ? 1 : 0),
  )
}

export function showDraining(registry: Registry, node: Pick<SkeinNode, 'state'>): void {
  gauge(registry, 'skein_draining', '1 while the node drains, for maintenance or because it stops.', () =>
    ['draining', 'ending'].includes(node.state) ? 1 : 0,
  )
}
