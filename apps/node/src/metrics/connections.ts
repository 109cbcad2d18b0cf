/** Opened, established and closed connections. */
import type { Events } from '@skein/core'
import type { Registry } from 'prom-client'
import { Durations } from './durations.ts'
import { closeLabel, sdkLabel } from './labels.ts'
import { Tally } from './tally.ts'

export function countConnections(registry: Registry, events: Events): void {
  const opened = new Tally(registry, 'skein_connections_opened_total', 'WebSocket connections accepted.', [
    'encoding',
  ])
  const established = new Durations(
    registry,
    'skein_connect_seconds',
    'Time from the connect command to its reply, for established connections.',
    'sdk',
  )
  const closed = new Tally(registry, 'skein_connections_closed_total', 'Closed connections, by close code.', [
    'code',
    'by',
  ])
  const badFrames = new Tally(
    registry,
    'skein_bad_frames_total',
    'Invalid frames and commands, by the close code of their connection.',
    ['code'],
  )
  const shed = new Tally(
    registry,
    'skein_connections_shed_total',
    'Connections closed with 3011 for a reconnect: rebalance (to another node), age.',
    ['reason'],
  )
  const futile = new Tally(
    registry,
    'skein_rebalance_futile_total',
    'Rebalancing rounds after which most of the closed connections returned to this node.',
    [],
  )

  events.on('connectionOpened', ({ encoding }) => opened.add([encoding]))
  events.on('connectionEstablished', ({ sdk, ms }) => established.add(sdkLabel(sdk), ms / 1000))
  events.on('connectionClosed', ({ code, byServer }) =>
    closed.add([closeLabel(code), byServer ? 'server' : 'client']),
  )
  events.on('badFrame', ({ code }) => badFrames.add([closeLabel(code)]))
  events.on('shed', ({ reason, connections }) => shed.add([reason], connections))
  events.on('rebalanceFutile', () => futile.add([]))
}
