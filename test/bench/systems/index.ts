import { peer } from './peer.ts'
import { skein } from './skein.ts'
import type { System } from './system.ts'

export const SKEIN = skein({ name: 'skein', label: 'Skein' })
export const SKEIN_PROTOBUF = skein({
  name: 'skein-protobuf',
  label: 'Skein (Protobuf)',
  dialect: 'skein-protobuf',
})

/** What Skein is compared with, all with Redis between their processes. */
export const PEERS: readonly System[] = [
  peer('socket-io-redis', 'Socket.IO, Redis adapter', 'socket-io'),
  peer('socket-io-streams', 'Socket.IO, Redis Streams adapter', 'socket-io'),
  peer('plain-ws', 'plain ws, Pub/Sub', 'plain'),
  peer('fastify-websocket', 'plain @fastify/websocket, Pub/Sub', 'plain'),
]
export type { Running, System } from './system.ts'
