/** Refused handshakes and invalid WebSocket frames. */
import type { Registry } from 'prom-client'
import type { EdgeMetrics } from './edge.ts'
import { Tally } from './tally.ts'

export function countSockets(registry: Registry): Pick<EdgeMetrics, 'handshakeRefused' | 'socketError'> {
  const refused = new Tally(
    registry,
    'skein_handshakes_refused_total',
    'Refused handshakes. By an HTTP error: body, origin, token, route. By 503: draining, unready, overload, full, half-open, rate. By closing the TCP connection: files.',
    ['reason'],
  )
  const errors = new Tally(
    registry,
    'skein_socket_errors_total',
    'Invalid WebSocket frames: too large (1009), not UTF-8 (1007), malformed (1002).',
    ['code'],
  )
  return {
    handshakeRefused: (reason) => refused.add([reason]),
    socketError: (code) => errors.add([/^(WS_ERR|SKEIN)_/.test(code) ? code : 'other']),
  }
}
