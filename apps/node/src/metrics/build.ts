/** Who this node is, for joins in queries. */
import { Gauge, type Registry } from 'prom-client'

export function showBuild(registry: Registry, version: string, node: string): void {
  new Gauge({
    name: 'skein_build_info',
    help: 'Always 1; who this is stands in the labels.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version, node }, 1)
}
