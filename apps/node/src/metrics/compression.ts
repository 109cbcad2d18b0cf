/** Compressed publications and rejected compressed frames. */
import type { Registry } from 'prom-client'
import type { EdgeMetrics } from './edge.ts'
import { Tally } from './tally.ts'

export function countCompression(registry: Registry): Pick<EdgeMetrics, 'deflated' | 'inflateRefused'> {
  const deflated = new Tally(
    registry,
    'skein_deflated_total',
    'Compressed publications and shared batches; each is compressed once for all its receivers.',
    [],
  )
  const bytes = new Tally(
    registry,
    'skein_deflated_bytes_total',
    'Bytes of compressed publications, before and after.',
    ['side'],
  )
  const refused = new Tally(
    registry,
    'skein_inflate_refused_total',
    'Rejected compressed frames: too large when inflated (1009), damaged (1007).',
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
