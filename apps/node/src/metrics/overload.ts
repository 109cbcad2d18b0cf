/** Delay of the event loop, and overload of the node. */
import { Gauge, type Registry } from 'prom-client'
import type { LoopDelay } from '../admission/loop-delay.ts'
import type { Overload } from '../admission/overload.ts'
import { gauge } from './readings.ts'

export function showOverload(
  registry: Registry,
  overload: Pick<Overload, 'loopDelay' | 'causes'>,
  loopDelay: Pick<LoopDelay, 'collect'>,
): void {
  gauge(
    registry,
    'skein_event_loop_delay_seconds',
    'Mean lateness of timers within the last second.',
    () => overload.loopDelay / 1000,
  )
  showSinceAsked(registry, loopDelay)
  new Gauge({
    name: 'skein_overloaded',
    help: '1 while the node refuses connections because of this cause: loop, memory.',
    labelNames: ['cause'],
    registers: [registry],
    collect() {
      for (const cause of ['loop', 'memory'] as const)
        this.set({ cause }, overload.causes.includes(cause) ? 1 : 0)
    },
  })
}

/**
 * Both gauges show one collection. The first gauge makes it: prom-client reads metrics in registration order.
 */
function showSinceAsked(registry: Registry, loopDelay: Pick<LoopDelay, 'collect'>): void {
  let max = 0
  gauge(
    registry,
    'skein_event_loop_delay_p99_seconds',
    '99th percentile of the lateness of timers since the last scrape.',
    () => {
      const seen = loopDelay.collect()
      max = seen.max
      return seen.p99 / 1000
    },
  )
  gauge(
    registry,
    'skein_event_loop_delay_max_seconds',
    'Maximum lateness of a timer since the last scrape.',
    () => max / 1000,
  )
}
