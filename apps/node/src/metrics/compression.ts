/** What permessage-deflate does and refuses. */
import type { Registry } from 'prom-client'
import type { Metrics } from './metrics.ts'
import { Tally } from './tally.ts'

export function countCompression(registry: Registry): Pick<Metrics, 'deflated' | 'inflateRefused'> {
  const deflated = new Tally(
    registry,
    'skein_deflated_total',
    'Publications, and batches that many share, deflated: once each, for all who get them.',
    [],
  )
  const bytes = new Tally(registry, 'skein_deflated_bytes_total', 'Their bytes, before and after.', ['side'])
  const refused = new Tally(
    registry,
    'skein_inflate_refused_total',
    'Compressed frames refused: for their size once inflated (1009), as damaged (1007).',
    ['reason'],
  )
  return {
    deflated(before, after) {
      deflated.add([])
      bytes.add(['before'], before)
      bytes.add(['after'], after)
    },
    inflateRefused: (reason) => refused.add([reason]),
  }
}
