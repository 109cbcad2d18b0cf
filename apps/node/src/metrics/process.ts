/** What Prometheus is told of the process itself: prom-client's own metrics. */
import { collectDefaultMetrics, type Registry } from 'prom-client'

const LOOP_LAG = 'nodejs_eventloop_lag'
/** Of prom-client's measurement of the event loop, ms: as seldom as may be, since nothing of it is shown. */
const LOOP_LAG_STEP = 60_000

/** All but its measurement of the event loop: `overload.ts` shows ours. */
export function showProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_LAG_STEP })
  for (const { name } of registry.getMetricsAsArray())
    if (name.startsWith(LOOP_LAG)) registry.removeSingleMetric(name)
}
