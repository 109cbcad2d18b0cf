/**
 * Core's `Socket` over ws: one object per connection, without closures and listeners. Nothing here refers to
 * the handshake.
 *
 * Frames go to the `net.Socket` directly, as bytes that all receivers share. ws writes each frame of its own
 * (pong, close) by one synchronous call, as it compresses none. The two kinds of frames never interleave.
 */
import type { Socket as NetSocket } from 'node:net'
import type { ConnectionHandle, Frame, Socket } from '@skein/core'
import type { CloseCode } from '@skein/protocol'
import { WebSocket } from 'ws'
import { type Handle, handleOf, type Writer, writeDirectly } from './direct-write.ts'
import { frameBytes } from './frame-bytes.ts'
import { readUnasked } from './unasked.ts'

const NOTHING = Buffer.alloc(0)

/** What ws says without words when it refuses a frame by itself. A close should always carry a reason. */
const REASONS: Readonly<Record<number, string>> = {
  1002: 'protocol error',
  1003: 'unsupported data',
  1007: 'text is not UTF-8',
  1008: 'too many fragments',
  1009: 'frame is too large',
}

/** The WebSocket of ws, with room for its connection. Given to ws by its documented option `WebSocket`. */
export class ClientWebSocket extends WebSocket {
  client: ClientSocket | undefined
  /** From here on all events go to `client`. */
  adopt(client: ClientSocket): void {
    this.client = client
    // The listener of @fastify/websocket is a closure over the request and the reply, which it would keep: 5
    // KB.
    this.removeAllListeners()
  }

  /** With a client, straight to it: listeners would cost a table and an array for each connection. */
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (this.client === undefined) return super.emit(event, ...args)
    switch (event) {
      case 'message':
        // `binaryType` stays "nodebuffer", so ws hands over a Buffer.
        this.client.message(args[0] as Buffer, args[1] === true)
        return true
      case 'pong':
        this.client.pong()
        return true
      case 'error':
        // ws closes by itself after an error; it is counted here.
        this.client.failed(args[0] as Error)
        return true
      case 'close':
        this.client.closed(args[0] as number, String(args[1]))
        return true
      default:
        return false
    }
  }

  /** Also of ws itself, when a ping comes. */
  override pong(data?: unknown, mask?: boolean, done?: (error: Error) => void): void {
    this.client?.streamed()
    super.pong(data, mask, done)
  }

  /** Also of ws itself, when the client closes or what it sent is refused. */
  override close(code?: number, reason?: string | Buffer): void {
    this.client?.closing()
    super.close(code, reason ?? (code === undefined ? undefined : REASONS[code]))
  }
}

/** Told when ws refuses what a client sent; `code` is its `WS_ERR_…`. */
export type OnSocketError = (code: string) => void

export class ClientSocket implements Socket, Writer {
  // The first five are all that a write reads, of neither the WebSocket nor the stream: with thousands of sockets none of them
  // is in the processor's caches.
  #open = true
  /** Something was written by the stream, and may wait there; the answer to the upgrade to begin with. */
  #streamed = true
  /** Bytes of a direct write that the kernel has not taken. */
  #direct = 0
  readonly #tcp: Handle | undefined
  readonly #toBytes: (frame: Frame) => Uint8Array
  readonly #ws: ClientWebSocket
  readonly #net: NetSocket
  readonly #onError: OnSocketError
  #handle: ConnectionHandle | undefined
  #awaitingDrain = false
  #pongs = false

  /** `toBytes`: how this connection's frames stand on the wire. */
  constructor(ws: ClientWebSocket, net: NetSocket, onError: OnSocketError, toBytes = frameBytes) {
    this.#toBytes = toBytes
    this.#ws = ws
    this.#net = net
    this.#tcp = handleOf(net)
    this.#onError = onError
    readUnasked(net)
  }

  /** Synchronously after the upgrade, or the first messages are lost. */
  attach(handle: ConnectionHandle): void {
    this.#handle = handle
    this.#ws.adopt(this)
  }

  /** Only for connections that asked for WebSocket pings; pongs that others send mean nothing. */
  listenForPongs(): void {
    this.#pongs = true
  }

  get bufferedAmount(): number {
    return this.#inStream() + this.#direct
  }

  send(frame: Frame): void {
    if (!this.#open) return
    const bytes = this.#toBytes(frame)
    if (this.#tcp !== undefined && this.#direct === 0 && this.#inStream() === 0) {
      const left = writeDirectly(this.#tcp, bytes, this)
      if (left !== undefined) {
        this.#direct = left
        return
      }
    }
    this.#streamed = true
    this.#net.write(bytes)
    if (this.#net.writableLength > 0 && !this.#awaitingDrain) this.#awaitDrain()
  }

  /** ws destroys the socket when the other side has not answered within `closeTimeout`. */
  close({ code, reason }: CloseCode): void {
    this.#ws.close(code, reason)
  }

  pause(): void {
    this.#ws.pause()
  }

  resume(): void {
    this.#ws.resume()
  }

  ping(): void {
    if (!this.#open) return
    this.#streamed = true
    this.#ws.ping()
  }

  /** Bytes in the stream. */
  #inStream(): number {
    if (!this.#streamed) return 0
    const { writableLength } = this.#net
    this.#streamed = writableLength > 0
    return writableLength
  }

  /**
   * Waits for a partial write. The callback of an empty write runs when all bytes before it are written. The
   * event `drain` occurs only above the high-water mark, and would need a listener for each connection.
   */
  #awaitDrain(): void {
    this.#awaitingDrain = true
    this.#net.write(NOTHING, () => {
      this.#awaitingDrain = false
      this.#handle?.onDrain()
    })
  }

  /** A direct write that the kernel did not take at once is done. */
  onWritten(): void {
    this.#direct = 0
    this.#handle?.onDrain()
  }

  onWriteFailed(errno: number): void {
    this.#net.destroy(new Error(`write failed: ${errno}`))
  }

  /** ws is about to write by the stream. */
  streamed(): void {
    this.#streamed = true
  }

  /** ws is about to write a close frame, behind which nothing may follow. */
  closing(): void {
    this.#open = false
    this.#streamed = true
  }

  message(data: Uint8Array, isBinary: boolean): void {
    this.#handle?.onMessage(data, isBinary)
  }

  pong(): void {
    if (this.#pongs) this.#handle?.onPong()
  }

  failed(error: Error): void {
    this.#onError('code' in error && typeof error.code === 'string' ? error.code : 'other')
  }

  closed(code: number, reason: string): void {
    const handle = this.#handle
    this.#handle = undefined
    this.#open = false
    handle?.onClosed(code, reason)
  }
}
