/** A client without a socket: it exchanges bytes with a node and keeps all frames from the first on. */
import {
  type CloseCode,
  type Command,
  codecOf,
  decodeEnvelope,
  type Encoding,
  ERROR,
  type Push,
  type ReplyVerb,
  type Requests,
  type Results,
} from '@skein/protocol'
import type { ConnectionHandle, SkeinNode } from '../node-api.ts'
import type { Frame, NetworkContext, Socket } from '../socket.ts'
import { settle } from './clock.ts'

export class TestSocket implements Socket {
  bufferedAmount = 0
  paused = false
  closed: CloseCode | undefined
  readonly frames: Frame[] = []
  onFrame: ((frame: Frame) => void) | undefined
  onClose: ((close: CloseCode) => void) | undefined

  send(frame: Frame): void {
    this.frames.push(frame)
    this.onFrame?.(frame)
  }

  close(close: CloseCode): void {
    this.closed = close
    this.onClose?.(close)
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
  }
}

type Waiting = { resolve(value: unknown): void; reject(error: unknown): void }

export class TestClient {
  readonly socket = new TestSocket()
  readonly handle: ConnectionHandle
  readonly encoding: Encoding
  readonly pushes: Push[] = []
  id = ''
  #lastId = 0
  readonly #waiting = new Map<number, Waiting>()

  constructor(node: SkeinNode, network: Partial<NetworkContext> = {}) {
    this.encoding = network.encoding ?? 'json'
    this.socket.onFrame = (frame) => this.#read(frame)
    this.handle = node.accept(this.socket, {
      encoding: this.encoding,
      requestId: 'r',
      remoteAddress: '127.0.0.1',
      userAgent: 'test',
      origin: '',
      connectedAt: 0,
      framePing: false,
      ...network,
    })
    this.socket.onClose = (close) => {
      for (const { reject } of this.#waiting.values()) reject(close)
      queueMicrotask(() => this.handle.onClosed(close.code, close.reason))
    }
  }

  /**
   * Sends a command. Resolves with its result; rejects with its error, or with the close that replaced the
   * reply.
   */
  call<V extends ReplyVerb>(verb: V, request: Requests[V]): Promise<Results[V]> {
    const id = ++this.#lastId
    const promise = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
    this.raw(codecOf(this.encoding).encodeCommand({ id, verb, request } as Command))
    return promise as Promise<Results[V]>
  }

  async connect(request: Requests['connect'] = {}): Promise<Results['connect']> {
    const result = await this.call('connect', request)
    this.id = result.client
    return result
  }

  raw(bytes: Uint8Array | string): void {
    const data = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes
    this.handle.onMessage(data, this.encoding === 'protobuf')
  }

  pong(): void {
    this.raw(this.encoding === 'json' ? '{}' : new Uint8Array([0]))
  }

  /** Ends the connection without a close frame. */
  cut(): void {
    this.handle.onClosed(1006, '')
  }

  /** `offset:data` of each publication pushed in `channel`. */
  publications(channel: string): string[] {
    return this.pushes
      .filter((push) => push.kind === 'pub' && push.channel === channel)
      .map((push) => (push.kind === 'pub' ? shown(push) : ''))
  }

  #read(frame: Frame): void {
    const decoded = codecOf(this.encoding).decodeReplies(frame.payload)
    if (!decoded.ok) throw new Error(decoded.reason)
    for (const message of decoded.messages) {
      if (message.kind === 'push') this.pushes.push(message.push)
      else {
        const { reply } = message
        const waiting = this.#waiting.get(reply.id)
        this.#waiting.delete(reply.id)
        if (reply.verb === 'error') waiting?.reject(reply.error)
        else waiting?.resolve(reply.result)
      }
    }
  }
}

export function shown({
  offset,
  envelope,
}: Pick<Extract<Push, { kind: 'pub' }>, 'offset' | 'envelope'>): string {
  return `${offset}:${decodeEnvelope(envelope, offset)?.data}`
}

/** A connected client of `user`, with credentials that the handshake has verified. */
export async function connected(
  node: SkeinNode,
  user: string,
  network: Partial<NetworkContext> = {},
): Promise<TestClient> {
  const client = new TestClient(node, { credentials: { user }, ...network })
  const pending = client.connect()
  await settle()
  await pending
  return client
}

export { ERROR }
