/**
 * Subscribers that weigh what they get and do not look into it, for frames that only an SDK could read. In the process of the
 * bench: its CPU is not what is measured.
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
  /** As a browser does. */
  readonly offersCompression: boolean
  readonly wantsDeltas: boolean
}

export interface Listeners {
  /** Of all of them since they joined. */
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

/** Resolves when the server has said `words`; replies are never compressed. */
async function said(socket: Socket, words: string): Promise<void> {
  let heard = ''
  while (!heard.includes(words)) heard += String((await once(socket, 'data'))[0])
}
