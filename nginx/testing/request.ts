/** Sends one request from a chosen source address, plain or as a WebSocket handshake. */
import { request as http, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as https } from 'node:https'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Seen } from './upstream.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** The request as the upstream received it; `undefined` if it reached none. */
  readonly seen: Seen | undefined
  /** Socket of an upgraded connection; the caller closes it. */
  readonly socket?: Duplex
}

export interface Ask extends RequestOptions {
  readonly body?: string
  /** False accepts any certificate. */
  readonly rejectUnauthorized?: boolean
  /** Sends a WebSocket handshake. */
  readonly upgrade?: boolean
}

const HANDSHAKE = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

export function ask(url: string, { body, upgrade, headers, ...options }: Ask = {}): Promise<Answer> {
  const all = { ...(upgrade === true ? HANDSHAKE : {}), ...(headers as Record<string, string> | undefined) }
  const send = url.startsWith('https:') ? https : http
  return new Promise((resolve, reject) => {
    const request = send(url, { agent: false, ...options, headers: all })
    request.on('error', reject)
    request.on('upgrade', (response, socket) => {
      resolve({ ...read(response, ''), seen: parse(response.headers['x-seen']), socket })
    })
    request.on('response', (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      response.on('end', () => resolve({ ...read(response, text), seen: parse(text) }))
      response.on('error', reject)
    })
    request.end(body)
  })
}

/** Sends raw bytes and resolves with all bytes received until the peer closes. */
export function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
  })
}

function read(response: IncomingMessage, body: string): Omit<Answer, 'seen'> {
  return { status: response.statusCode ?? 0, headers: response.headers, body }
}

function parse(text: string | string[] | undefined): Seen | undefined {
  return typeof text === 'string' && text.startsWith('{') ? (JSON.parse(text) as Seen) : undefined
}
