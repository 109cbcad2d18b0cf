/** The plain @fastify/websocket route with rooms and Redis Pub/Sub, as its documentation shows it. */
import websocket from '@fastify/websocket'
import Fastify from 'fastify'
import type { WebSocket } from 'ws'
import { ready, redisUrl } from './ready.ts'
import { type PlainMessage, Rooms } from './sub-pub.ts'

const rooms = new Rooms<WebSocket>(redisUrl())
const app = Fastify()
await app.register(websocket, { options: { perMessageDeflate: false } })

app.get('/ws', { websocket: true }, (socket) => {
  let joined: string | undefined
  socket.on('message', (bytes: Buffer) => {
    const { join, room, data } = JSON.parse(bytes.toString()) as PlainMessage
    if (join !== undefined) {
      joined = join
      void rooms.join(join, socket).then(() => socket.send('{"joined":true}'))
    } else if (room !== undefined) void rooms.publish(room, data)
  })
  socket.on('close', () => {
    if (joined !== undefined) rooms.leave(joined, socket)
  })
})

await app.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
const address = app.server.address()
if (address !== null && typeof address === 'object') ready(address.port)
