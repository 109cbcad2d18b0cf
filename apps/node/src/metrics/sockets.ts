/** What the WebSocket's edge refuses, before core hears of it. */
import type { Registry } from 'prom-client'
import type { Metrics } from './metrics.ts'
import { Tally } from './tally.ts'

export function countSockets(registry: Registry): Pick<Metrics, 'handshakeRefused' | 'socketError'> {
  const refused = new Tally(
    registry,
    'skein_handshakes_refused_total',
    'Upgrades refused by an HTTP answer: body, origin, token, route; by 503: draining, unready, overload, full, half-open, rate; by closing: files.',
    ['reason'],
  )
  const errors = new Tally(
    registry,
    'skein_socket_errors_total',
    'Frames that the WebSocket itself refuses: too large (1009), not UTF-8 (1007), malformed (1002).',
    ['code'],
  )
  return {
    handshakeRefused: (reason) => refused.add([reason]),
    socketError: (code) => errors.add([/^(WS_ERR|SKEIN)_/.test(code) ? code : 'other']),
  }
}
