/**
 * A light protocol client, thousands to a process: keeps its positions over its connections, answers pings,
 * detects a silent server, reconnects with full jitter, and records every event for the checker.
 */
import {
  type Codec,
  type Command,
  codecOf,
  type Encoding,
  type Reply,
  type ServerMessage,
} from '@skein/protocol'
import { signToken } from '@skein/testkit'
import WebSocket from 'ws'
import { readData } from './data.ts'
import type { Lines } from './lines.ts'
import { type Member, stands } from './member.ts'
import type { Top } from './plan.ts'
import { backoff, type Random } from './random.ts'

export interface BareOptions {
  readonly lines: Lines
  readonly channels: readonly string[]
  readonly encoding: Encoding
  readonly localAddress: string
  readonly url: () => string
  /** It does not reconnect. */
  readonly mortal: boolean
  readonly random: Random
  /**
   * Called with the reply to a publish command: the error's code, 0 when the connection ended without one.
   */
  readonly onPublished?: (id: number, code: number | undefined) => void
}

/** Milliseconds that a ping of the server may be late. */
const PING_SLACK = 3000
const HANDSHAKE_TIMEOUT = 5000
const CONNECT = 1

export class BareClient implements Member {
  readonly #options: BareOptions
  readonly #codec: Codec
  readonly #token: string
  readonly #positions = new Map<string, Top>()
  #socket: WebSocket | undefined
  /** Channels with a live subscription on this connection. */
  readonly #subscribed = new Set<string>()
  /** Pending commands. */
  readonly #asked = new Map<number, string>()
  #lastId = CONNECT
  #attempt = 0
  #away = true
  #stopped = false
  #dialTimer: NodeJS.Timeout | undefined
  #silence: NodeJS.Timeout | undefined
  #pingMs = 0

  constructor(options: BareOptions) {
    this.#options = options
    this.#codec = codecOf(options.encoding)
    this.#token = signToken({ sub: options.lines.client })
  }

  get name(): string {
    return this.#options.lines.client
  }

  get live(): boolean {
    return this.#subscribed.size === this.#options.channels.length
  }

  get gone(): boolean {
    return this.#stopped
  }

  start(): void {
    this.#away = false
    this.#dial()
  }

  cut(): void {
    if (this.#away || this.#stopped) return
    this.#away = true
    clearTimeout(this.#dialTimer)
    const socket = this.#socket
    this.#gone(socket, 1006)
    socket?.terminate()
  }

  comeBack(): void {
    if (!this.#away || this.#stopped) return
    this.#away = false
    this.#attempt = 0
    this.#options.lines.say('returned', {})
    this.#dial()
  }

  freeze(frozen: boolean): void {
    if (frozen) this.#socket?.pause()
    else this.#socket?.resume()
  }

  standsAt(tops: ReadonlyMap<string, Top>): boolean {
    return this.live && stands(this.#positions, tops)
  }

  stop(): void {
    this.#stopped = true
    this.#away = true
    clearTimeout(this.#dialTimer)
    clearTimeout(this.#silence)
    this.#socket?.terminate()
  }

  /** Sends a publication; returns the id of its reply. */
  publish(channel: string, data: string): number {
    const id = ++this.#lastId
    this.#asked.set(id, '')
    this.#send([{ id, verb: 'publish', request: { channel, data } }])
    return id
  }

  #dial(): void {
    const { url, encoding, localAddress } = this.#options
    const protocols = encoding === 'json' ? [] : ['centrifuge-protobuf']
    const socket = new WebSocket(url(), protocols, {
      localAddress,
      perMessageDeflate: false,
      skipUTF8Validation: true,
      handshakeTimeout: HANDSHAKE_TIMEOUT,
    })
    this.#socket = socket
    socket.on('open', () => this.#opened(socket))
    socket.on('message', (bytes: Buffer) => this.#onBytes(socket, bytes))
    socket.on('error', () => socket.terminate()) // `close` follows, and says the rest.
    socket.on('close', (code, reason) => this.#onClose(socket, code, reason.toString()))
  }

  #opened(socket: WebSocket): void {
    if (socket !== this.#socket) return
    this.#listen(HANDSHAKE_TIMEOUT)
    this.#send([{ id: CONNECT, verb: 'connect', request: { token: this.#token } }])
  }

  #onBytes(socket: WebSocket, bytes: Buffer): void {
    if (socket !== this.#socket) return
    const decoded = this.#codec.decodeReplies(bytes)
    for (const message of decoded.messages) this.#take(message)
    if (!decoded.ok) this.#options.lines.say('broken', { what: `unreadable: ${decoded.reason}` })
  }

  #take(message: ServerMessage): void {
    if (message.kind === 'reply') {
      this.#answered(message.reply)
      return
    }
    const { push } = message
    if (push.kind === 'pub') this.#delivered(push.channel, push.offset, push.envelope)
    else if (push.kind === 'ping') this.#pinged()
    else if (push.kind === 'unsubscribe') this.#unsubscribed(push.channel, push.code)
  }

  #answered(reply: Reply): void {
    if (reply.id === CONNECT) {
      this.#connected(reply)
      return
    }
    const channel = this.#asked.get(reply.id)
    this.#asked.delete(reply.id)
    const code = reply.verb === 'error' ? reply.error.code : undefined
    if (channel === '') this.#options.onPublished?.(reply.id, code)
    else if (channel !== undefined) this.#subscriptionAnswered(channel, reply)
  }

  #connected(reply: Reply): void {
    if (reply.verb !== 'connect') {
      this.#socket?.terminate() // Refused for now: the next attempt may be luckier.
      return
    }
    this.#pingMs = (reply.result.ping ?? 0) * 1000
    this.#listen(this.#pingMs + PING_SLACK)
    this.#send(this.#options.channels.map((channel) => this.#subscription(channel)))
  }

  #subscription(channel: string): Command {
    const id = ++this.#lastId
    this.#asked.set(id, channel)
    const position = this.#positions.get(channel)
    const recover =
      position === undefined ? {} : { recover: true, epoch: position.epoch, offset: position.offset }
    return { id, verb: 'subscribe', request: { channel, ...recover } }
  }

  #subscriptionAnswered(channel: string, reply: Reply): void {
    if (reply.verb !== 'subscribe') {
      this.#subscribeLater(channel, 200 + this.#options.random() * 300)
      return
    }
    const { epoch = '', offset = 0, recovered, wasRecovering, publications = [] } = reply.result
    this.#attempt = 0
    this.#subscribed.add(channel)
    this.#positions.set(channel, { channel, epoch, offset })
    const asked = wasRecovering === true ? { recovered: recovered === true } : {}
    this.#options.lines.say('subscribed', { channel, epoch, offset, ...asked })
    for (const publication of publications) {
      this.#delivered(channel, publication.offset, publication.envelope)
    }
  }

  #delivered(channel: string, offset: number, envelope: string): void {
    const position = this.#positions.get(channel)
    if (position !== undefined && offset > 0) this.#positions.set(channel, { ...position, offset })
    const identity = readData(envelope)
    if (identity !== undefined) this.#options.lines.say('delivered', { channel, offset, ...identity })
  }

  #pinged(): void {
    this.#listen(this.#pingMs + PING_SLACK)
    this.#send([{ id: 0, verb: 'pong' }])
  }

  #unsubscribed(channel: string, code: number): void {
    this.#subscribed.delete(channel)
    if (code < 2500) this.#options.lines.say('broken', { what: `unsubscribed with ${code}` })
    else {
      this.#options.lines.say('doubted', { channel, code })
      this.#subscribeLater(channel, 0)
    }
  }

  #subscribeLater(channel: string, ms: number): void {
    const socket = this.#socket
    setTimeout(() => {
      if (socket === this.#socket && !this.#subscribed.has(channel)) this.#send([this.#subscription(channel)])
    }, ms)
  }

  /** The server must send something within `ms`, or the connection counts as dead. */
  #listen(ms: number): void {
    clearTimeout(this.#silence)
    const socket = this.#socket
    this.#silence = setTimeout(() => socket?.terminate(), ms)
  }

  #onClose(socket: WebSocket, code: number, reason: string): void {
    if (socket !== this.#socket || this.#away) return
    if (this.#options.mortal) this.#stopped = this.#away = true
    this.#gone(socket, code)
    if (this.#stopped) return
    if (code >= 3500 && code < 5000 && !(code >= 4000 && code < 4500)) {
      this.#options.lines.say('broken', { what: `closed with ${code} ${reason}` })
      return
    }
    this.#dialTimer = setTimeout(() => this.#dial(), backoff(this.#options.random, this.#attempt++))
  }

  /** Drops a connection. */
  #gone(socket: WebSocket | undefined, code: number): void {
    if (socket === undefined) return
    clearTimeout(this.#silence)
    this.#socket = undefined
    const { lines, channels, onPublished } = this.#options
    if (code === 3010) for (const channel of channels) lines.say('doubted', { channel, code })
    if (this.#subscribed.size > 0 || this.#away) lines.say('left', { own: this.#away, code })
    this.#subscribed.clear()
    for (const [id, channel] of this.#asked) if (channel === '') onPublished?.(id, 0)
    this.#asked.clear()
  }

  #send(commands: readonly Command[]): void {
    const socket = this.#socket
    if (socket?.readyState !== WebSocket.OPEN) return
    const bytes = this.#codec.join(commands.map((command) => this.#codec.encodeCommand(command)))
    socket.send(bytes, { binary: this.#options.encoding === 'protobuf' })
  }
}
