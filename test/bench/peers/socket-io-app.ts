/** The application of both Socket.IO peers: join a room, publish to it. */
import { createServer } from 'node:http'
import { Server, type ServerOptions } from 'socket.io'
import { ready } from './ready.ts'

export function serve(adapter: NonNullable<ServerOptions['adapter']>): void {
  const server = createServer()
  const io = new Server(server, { adapter, transports: ['websocket'], perMessageDeflate: false })
  io.on('connection', (socket) => {
    socket.on('join', (room: string) => {
      void Promise.resolve(socket.join(room)).then(() => socket.emit('joined'))
    })
    socket.on('publish', (room: string, data: unknown) => {
      io.to(room).emit('message', data)
    })
  })
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
    const address = server.address()
    if (address !== null && typeof address === 'object') ready(address.port)
  })
}
