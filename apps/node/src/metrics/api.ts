/** Calls of the server API. */
import type { Registry } from 'prom-client'
import { Durations } from './durations.ts'
import type { EdgeMetrics } from './edge.ts'
import { errorLabel } from './labels.ts'
import { Tally } from './tally.ts'

export function countApi(registry: Registry): Pick<EdgeMetrics, 'apiCalled'> {
  const calls = new Tally(
    registry,
    'skein_api_calls_total',
    'Calls of the server API, by method and error code; 0: no error.',
    ['method', 'error'],
  )
  const seconds = new Durations(
    registry,
    'skein_api_seconds',
    'Time from a call of the server API to its reply.',
    'method',
  )
  return {
    apiCalled(method, error, elapsed) {
      calls.add([method, errorLabel(error)])
      seconds.add(method, elapsed)
    },
  }
}
