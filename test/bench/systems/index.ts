import { peer } from './peer.ts'
import { SECRET, skein } from './skein.ts'
import type { System } from './system.ts'
import { withoutHistory } from './without-history.ts'

export const SKEIN = skein({ name: 'skein', label: 'Skein' })
/** Where Skein keeps history and most peers have none to keep. */
export const SKEIN_WITHOUT_HISTORY = withoutHistory(
  skein({ name: 'skein-without-history', label: 'Skein, without history' }),
)
/** Whose connections have no inbox, the personal channel with history and position that the chat layer gives each user. */
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

/** What Skein is compared with, all with Redis between their processes. */
export const PEERS: readonly System[] = [
  peer('socket-io-redis', 'Socket.IO, Redis adapter', 'socket-io'),
  peer('socket-io-streams', 'Socket.IO, Redis Streams adapter', 'socket-io'),
  peer('plain-ws', 'plain ws, Pub/Sub', 'plain'),
  peer('fastify-websocket', 'plain @fastify/websocket, Pub/Sub', 'plain'),
]

const wsSession = (name: string, label: string, ping: number): System =>
  peer(name, label, 'skein-json', { program: 'ws-session', args: [SECRET, `${ping}`], secret: SECRET })

/** What Skein does when a client comes, and nothing else of it: an opening compared with an opening. */
export const WS_SESSION = wsSession('ws-session', 'ws with token and session in Redis', 0)
/** What Skein does for a message without history: the same work, in a few lines around `ws`. */
export const WS_SAME_WORK = wsSession('ws-same-work', 'ws with session, replies, publishers, heartbeats', 25)

/** What writing to sockets costs on the machine and in the minute of the run, whoever writes from Node. */
const floor = (name: string, label: string, delay: number): System =>
  peer(name, `floor: bare Node, ${label}`, 'plain', { program: 'floor', args: [`${delay}`], floor: true })
export const FLOOR = floor('floor', 'one write per message', 0)
export const FLOOR_10_MS = floor('floor-10-ms', 'one write per 10 ms', 10)

export type { Running, System } from './system.ts'
