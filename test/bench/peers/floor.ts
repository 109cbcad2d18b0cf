/**
 * A lower bound for servers in Node: frames each message once and writes it to every joined socket, without
 * Redis, rooms or a WebSocket library. The second argument is the time in milliseconds over which messages
 * are collected for one write; 0: each is a write of its own.
 */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { frameOf, MessageReader } from './floor-frames.ts'
import { argument, ready } from './ready.ts'

const delay = Number(argument(1, 'milliseconds'))
const JOINED = frameOf('{"joined":true}')
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

const members = new Set<Duplex>()
let waiting: Buffer[] = []

const server = createServer()
server.on('upgrade', ({ headers }, socket) => {
  const key = createHash('sha1').update(`${headers['sec-websocket-key']}${GUID}`).digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`,
  )
  const reader = new MessageReader((text) => said(socket, text))
  socket.on('data', (bytes: Buffer) => reader.read(bytes))
  socket.on('close', () => members.delete(socket))
  // `close` follows, and removes the client.
  socket.on('error', () => undefined)
})

/** In the messages of `load/dialects/plain.ts`; a publisher joins no room. */
function said(socket: Duplex, text: string): void {
  const data = text.indexOf('"data":')
  if (data >= 0) publish(frameOf(text.slice(data + '"data":'.length, -1)))
  else {
    if (text !== '{"join":""}') members.add(socket)
    socket.write(JOINED)
  }
}

function publish(frame: Buffer): void {
  if (delay === 0) {
    write(frame)
    return
  }
  if (waiting.length === 0) {
    setTimeout(() => {
      write(Buffer.concat(waiting))
      waiting = []
    }, delay)
  }
  waiting.push(frame)
}

function write(bytes: Buffer): void {
  for (const member of members) member.write(bytes)
}

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') ready(address.port)
})
