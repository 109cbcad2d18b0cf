/** Metrics of the process, by prom-client. */
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client'
import { OpenFiles } from './open-files.ts'

/** Step of prom-client's measurement of the event loop. It is long, since this file removes the metric. */
const LOOP_LAG_STEP_MS = 60_000

/**
 * Default metrics that are removed. `overload.ts` has the delay of the event loop. The others list every
 * handle or file on the event loop: 250 ms at 16,000 connections.
 */
const REMOVED = ['nodejs_eventloop_lag', 'nodejs_active_', 'process_open_fds']

export function showProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_LAG_STEP_MS })
  for (const { name } of registry.getMetricsAsArray())
    if (REMOVED.some((prefix) => name.startsWith(prefix))) registry.removeSingleMetric(name)
  if (process.platform === 'linux') showOpenFiles(registry, new OpenFiles())
}

function showOpenFiles(registry: Registry, files: Pick<OpenFiles, 'count'>): void {
  new Gauge({
    name: 'process_open_fds',
    help: 'Number of open file descriptors; at most a minute old before Linux 6.2.',
    registers: [registry],
    async collect() {
      const count = await files.count()
      if (count !== undefined) this.set(count)
    },
  })
}
