/**
 * `ws` with tokens, and sessions in Redis: see `session.ts`. Arguments: Redis, secret, seconds between
 * heartbeats.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { argument, ready, redisUrl } from './ready.ts'
import { Sessions } from './session.ts'

const secret = argument(1, 'secret')
const ping = Number(argument(2, 'seconds between heartbeats'))
const sessions = new Sessions({ redisUrl: redisUrl(), ping, verify })
const server = createServer()
const sockets = new WebSocketServer({ server, perMessageDeflate: false })
sockets.on('connection', (socket) => sessions.accept(socket))

/** Written by hand: a library needs twice the time, and a peer gets the benefit of the doubt. */
function verify(token: string): string | undefined {
  const [header = '', claims = '', signature = ''] = token.split('.')
  const expected = createHmac('sha256', secret).update(`${header}.${claims}`).digest()
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return
  const { sub, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string; exp: number }
  return exp * 1000 > Date.now() ? sub : undefined
}

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') ready(address.port)
})
