/** Current numbers of a node, and its totals of written messages. Core counts both. */
import type { SkeinNode } from '@skein/core'
import type { Registry } from 'prom-client'
import { gauge, total } from './readings.ts'

export function showLevels(registry: Registry, node: Pick<SkeinNode, 'stats'>): void {
  gauge(registry, 'skein_connections', 'Connections on this node.', () => node.stats().clients)
  gauge(registry, 'skein_users', 'Users with connections on this node.', () => node.stats().users)
  gauge(registry, 'skein_channels', 'Channels with subscribers on this node.', () => node.stats().channels)
  gauge(registry, 'skein_subscriptions', 'Subscriptions on this node.', () => node.stats().subs)
  gauge(
    registry,
    'skein_outbox_bytes',
    'Bytes waiting for sockets of this node.',
    () => node.stats().outboxBytes,
  )
  total(registry, 'skein_frames_sent_total', 'WebSocket messages written.', () => node.stats().framesSent)
  total(registry, 'skein_messages_sent_total', 'Protocol messages written.', () => node.stats().messagesSent)
  total(registry, 'skein_sent_bytes_total', 'Payload bytes of frames written.', () => node.stats().bytesSent)
}
