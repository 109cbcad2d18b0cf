/** Name and version of this node, for joins in queries. */
import { Gauge, type Registry } from 'prom-client'

export function showBuild(registry: Registry, version: string, node: string): void {
  new Gauge({
    name: 'skein_build_info',
    help: 'Always 1; the labels have the version and the name of the node.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version, node }, 1)
}
