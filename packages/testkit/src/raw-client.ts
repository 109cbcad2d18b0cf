/** A client without an SDK: sends any bytes, valid or not, and records the replies. */
import {
  type Codec,
  type Command,
  codecOf,
  type Encoding,
  type Reply,
  type Requests,
  type ServerMessage,
  type Verb,
} from '@skein/protocol'
import WebSocket from 'ws'
import type { Closed } from './local-socket.ts'
import { Recording } from './recording.ts'
import { within } from './wait.ts'

export interface RawOptions {
  readonly url: string
  readonly encoding?: Encoding
  readonly localAddress?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Subprotocols; absent: as the SDKs do, `centrifuge-protobuf` for Protobuf and none for JSON. */
  readonly protocols?: readonly string[]
  /** Off: pings of the server get no reply, neither messages nor WebSocket frames. */
  readonly pong?: boolean
}

export class RawClient {
  readonly socket: WebSocket
  /** Replies and pushes, pings included. */
  readonly messages: Recording<ServerMessage>
  readonly closed: Promise<Closed>
  readonly #encoding: Encoding
  readonly #codec: Codec
  readonly #pong: boolean
  #id = 0

  constructor(options: RawOptions) {
    this.#encoding = options.encoding ?? 'json'
    this.#codec = codecOf(this.#encoding)
    this.#pong = options.pong ?? true
    this.messages = new Recording(`messages of a raw ${this.#encoding} client`)
    const protocols = options.protocols ?? (this.#encoding === 'json' ? [] : ['centrifuge-protobuf'])
    this.socket = new WebSocket(options.url, [...protocols], {
      perMessageDeflate: false,
      autoPong: this.#pong,
      headers: options.headers ?? {},
      ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
    })
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }))
    })
    this.socket.on('message', (bytes: Buffer) => this.#onMessage(bytes))
  }

  /** Resolves after the upgrade; rejects with the server's refusal. */
  static async open(options: RawOptions): Promise<RawClient> {
    const client = new RawClient(options)
    const opened = new Promise<void>((resolve, reject) => {
      client.socket.once('open', resolve)
      client.socket.once('error', reject)
    })
    await within('the upgrade', opened)
    return client
  }

  /** The close of the connection. */
  close(ms?: number): Promise<Closed> {
    return within('the server to close the connection', this.closed, ms)
  }

  /** Sends a command and waits for its reply. */
  async request<V extends Exclude<Verb, 'send'>>(verb: V, request: Requests[V]): Promise<Reply> {
    const id = ++this.#id
    this.sendCommand({ id, verb, request } as Command)
    return this.replyTo(id)
  }

  async replyTo(id: number): Promise<Reply> {
    const message = await this.messages.find((item) => item.kind === 'reply' && item.reply.id === id)
    if (message.kind !== 'reply') throw new Error('not a reply')
    return message.reply
  }

  sendCommand(command: Command): void {
    this.sendBytes(this.#codec.join([this.#codec.encodeCommand(command)]))
  }

  /** One frame of this client's kind: text for JSON, binary for Protobuf. */
  sendBytes(bytes: Uint8Array | string, binary = this.#encoding === 'protobuf'): void {
    this.socket.send(bytes, { binary })
  }

  terminate(): void {
    this.socket.terminate()
  }

  #onMessage(bytes: Buffer): void {
    const decoded = this.#codec.decodeReplies(bytes)
    for (const message of decoded.messages) {
      this.messages.push(message)
      if (message.kind === 'push' && message.push.kind === 'ping' && this.#pong) {
        this.sendCommand({ id: 0, verb: 'pong' })
      }
    }
    if (!decoded.ok) throw new Error(`the server sent what is no message: ${decoded.reason}`)
  }
}
