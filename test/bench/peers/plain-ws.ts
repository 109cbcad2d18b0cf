/** Plain `ws` with rooms and Redis Pub/Sub, as its documentation shows it. */
import { createServer } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { ready, redisUrl } from './ready.ts'
import { type PlainMessage, Rooms } from './sub-pub.ts'

const rooms = new Rooms<WebSocket>(redisUrl())
const server = createServer()
const sockets = new WebSocketServer({ server, perMessageDeflate: false })

sockets.on('connection', (socket) => {
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

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') ready(address.port)
})
