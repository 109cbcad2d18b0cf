/**
 * Skein's libraries without Skein: a route of @fastify/websocket, tokens by jsonwebtoken, sessions in Redis
 * by ioredis; see `session.ts`. Arguments: Redis, secret, seconds between heartbeats.
 */
import { createSecretKey } from 'node:crypto'
import websocket from '@fastify/websocket'
import Fastify from 'fastify'
import jwt from 'jsonwebtoken'
import { argument, ready, redisUrl } from './ready.ts'
import { Sessions } from './session.ts'

const key = createSecretKey(Buffer.from(argument(1, 'secret')))
const ping = Number(argument(2, 'seconds between heartbeats'))
const sessions = new Sessions({ redisUrl: redisUrl(), ping, verify })
const app = Fastify()
await app.register(websocket, { options: { perMessageDeflate: false } })
app.get('/connection/websocket', { websocket: true }, (socket) => sessions.accept(socket))

function verify(token: string): string | undefined {
  try {
    const { sub } = jwt.verify(token, key, { algorithms: ['HS256'] })
    return typeof sub === 'string' ? sub : undefined
  } catch {
    // The client is closed with 3500, as after every other invalid token.
    return undefined
  }
}

await app.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
const address = app.server.address()
if (address !== null && typeof address === 'object') ready(address.port)
