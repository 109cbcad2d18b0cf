/** Calls of the server API. */
import { Histogram, type Registry } from 'prom-client'
import { SECONDS } from './buckets.ts'
import { errorLabel } from './labels.ts'
import type { Metrics } from './metrics.ts'
import { Tally } from './tally.ts'

export function countApi(registry: Registry): Pick<Metrics, 'apiCalled'> {
  const calls = new Tally(
    registry,
    'skein_api_calls_total',
    'Calls of the server API, by method and error code; 0: no error.',
    ['method', 'error'],
  )
  const seconds = new Histogram({
    name: 'skein_api_seconds',
    help: 'From a call of the server API to its answer.',
    labelNames: ['method'],
    buckets: SECONDS,
    registers: [registry],
  })
  return {
    apiCalled(method, error, elapsed) {
      calls.add(`${method}\n${errorLabel(error)}`)
      seconds.observe({ method }, elapsed)
    },
  }
}
