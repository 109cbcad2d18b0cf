/** Metrics of the process, by prom-client. */
import { collectDefaultMetrics, type Registry } from 'prom-client'

const LOOP_LAG = 'nodejs_eventloop_lag'
/** Step of prom-client's measurement of the event loop. It is long, since this file removes the metric. */
const LOOP_LAG_STEP_MS = 60_000

/** All default metrics except the delay of the event loop, which `overload.ts` has. */
export function showProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_LAG_STEP_MS })
  for (const { name } of registry.getMetricsAsArray())
    if (name.startsWith(LOOP_LAG)) registry.removeSingleMetric(name)
}
