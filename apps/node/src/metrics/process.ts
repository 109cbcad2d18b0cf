/** What Prometheus is told of the process itself: prom-client's own, and how late the event loop runs. */
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client'
import type { LoopDelay } from '../admission/loop-delay.ts'

const LOOP_LAG = 'nodejs_eventloop_lag'
/** Of prom-client's measurement of the event loop, ms: as seldom as may be, since nothing of it is shown. */
const LOOP_LAG_STEP = 60_000

/** prom-client's own, without its measurement of the event loop: that is in {@link LoopDelay} already. */
export function processMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_LAG_STEP })
  for (const { name } of registry.getMetricsAsArray())
    if (name.startsWith(LOOP_LAG)) registry.removeSingleMetric(name)
}

/** Both of one collection, which the first of them makes: metrics are read in the order of their registration. */
export function showLoopDelay(registry: Registry, loopDelay: Pick<LoopDelay, 'collect'>): void {
  let max = 0
  new Gauge({
    name: 'skein_event_loop_delay_p99_seconds',
    help: '99th percentile of the lateness of timers since Prometheus last asked.',
    registers: [registry],
    collect() {
      const seen = loopDelay.collect()
      max = seen.max
      this.set(seen.p99 / 1000)
    },
  })
  new Gauge({
    name: 'skein_event_loop_delay_max_seconds',
    help: 'Greatest lateness of a timer since Prometheus last asked.',
    registers: [registry],
    collect() {
      this.set(max / 1000)
    },
  })
}
