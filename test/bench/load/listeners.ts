/**
 * Subscribers that count bytes and do not read them, for frames that only an SDK could read. They run in the
 * process of the bench, whose CPU is not measured.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { textFrame } from './frames.ts'
import type { Target } from './messages.ts'
import { signUser } from './token.ts'

const TOKEN_SECONDS = 3600

export interface ListenerOptions {
  readonly target: Target
  readonly secret: string
  readonly channel: string
  /** As browsers offer it. */
  readonly offersCompression: boolean
  readonly wantsDeltas: boolean
}

export interface Listeners {
  /** Bytes of all listeners since they joined. */
  bytes(): number
  stop(): void
}

export async function listen(count: number, options: ListenerOptions): Promise<Listeners> {
  let bytes = 0
  const sockets: Socket[] = []
  for (let at = 0; at < count; at++) {
    const socket = await join(at, options)
    socket.on('data', (chunk) => {
      bytes += chunk.length
    })
    sockets.push(socket)
  }
  return {
    bytes: () => bytes,
    stop: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Connected and subscribed. */
export async function join(at: number, options: ListenerOptions): Promise<Socket> {
  const { target, secret, channel, offersCompression, wantsDeltas } = options
  const socket = connect(target.port, target.host)
  await once(socket, 'connect')
  const extension = offersCompression
    ? 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n'
    : ''
  socket.write(
    `GET /connection/websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${extension}` +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  )
  const token = signUser(`u${at}`, secret, Math.floor(Date.now() / 1000) + TOKEN_SECONDS)
  const delta = wantsDeltas ? ',"delta":"fossil"' : ''
  await said(socket, '\r\n\r\n')
  socket.write(textFrame(`{"id":1,"connect":{"token":"${token}"}}`))
  await said(socket, '"id":1,"connect"')
  socket.write(textFrame(`{"id":2,"subscribe":{"channel":"${channel}"${delta}}}`))
  await said(socket, '"id":2,"subscribe"')
  return socket
}

/** Resolves when the server has sent `words`; replies are never compressed. */
async function said(socket: Socket, words: string): Promise<void> {
  let heard = ''
  while (!heard.includes(words)) heard += String((await once(socket, 'data'))[0])
}
