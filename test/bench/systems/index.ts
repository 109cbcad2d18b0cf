import { peer } from './peer.ts'
import { SECRET, skein } from './skein.ts'
import type { System } from './system.ts'
import { withoutHistory } from './without-history.ts'

export const SKEIN = skein({ name: 'skein', label: 'Skein' })
/** For comparison with peers that keep no history. */
export const SKEIN_WITHOUT_HISTORY = withoutHistory(
  skein({ name: 'skein-without-history', label: 'Skein, without history' }),
)
/** Its connections lack the personal channel with history that the chat layer gives each user. */
export const SKEIN_WITHOUT_CHAT = skein({
  name: 'skein-without-chat',
  label: 'Skein, without the chat layer',
  env: { SKEIN_CHAT: 'false' },
})
export const SKEIN_PROTOBUF = skein({
  name: 'skein-protobuf',
  label: 'Skein (Protobuf)',
  dialect: 'skein-protobuf',
})

/** The peers, all with Redis between their processes. */
export const PEERS: readonly System[] = [
  peer('socket-io-redis', 'Socket.IO, Redis adapter', 'socket-io'),
  peer('socket-io-streams', 'Socket.IO, Redis Streams adapter', 'socket-io'),
  peer('plain-ws', 'plain ws, Pub/Sub', 'plain'),
  peer('fastify-websocket', 'plain @fastify/websocket, Pub/Sub', 'plain'),
]

/** `ping`: seconds between heartbeats; 0: none. */
const withSessions = (name: string, label: string, program: string, ping: number): System =>
  peer(name, label, 'skein-json', { program, args: [SECRET, `${ping}`], secret: SECRET })

/** Opens connections as Skein does, without its other features. */
export const WS_SESSION = withSessions('ws-session', 'ws with token and session in Redis', 'ws-session', 0)
/** The same with Skein's libraries: the difference to Skein is Skein's own code. */
export const FASTIFY_SESSION = withSessions(
  'fastify-session',
  '@fastify/websocket, jsonwebtoken, session in Redis, heartbeats',
  'fastify-session',
  25,
)
/** The work of a message without history, in a few lines around `ws`. */
export const WS_SAME_WORK = withSessions(
  'ws-same-work',
  'ws with session, replies, publishers, heartbeats',
  'ws-session',
  25,
)

/** The cost of socket writes in Node on the machine and in the minute of the run. */
const floor = (name: string, label: string, delay: number): System =>
  peer(name, `floor: bare Node, ${label}`, 'plain', { program: 'floor', args: [`${delay}`], floor: true })
export const FLOOR = floor('floor', 'one write per message', 0)
export const FLOOR_10_MS = floor('floor-10-ms', 'one write per 10 ms', 10)

export type { Running, System } from './system.ts'
