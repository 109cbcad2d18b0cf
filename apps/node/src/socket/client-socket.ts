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
import { frameBytes } from './frame-bytes.ts'
import { type DirectWriter, type Handle, handleOf, type Writer } from './internals/direct-write.ts'
import { dropListeners } from './internals/event-table.ts'

const NO_BYTES = Buffer.alloc(0)

/** Reasons for the codes with which ws rejects a frame: ws itself sends a close frame without a reason. */
const REASONS: Readonly<Record<number, string>> = {
  1002: 'protocol error',
  1003: 'unsupported data',
  1007: 'text is not UTF-8',
  1008: 'too many fragments',
  1009: 'frame is too large',
}

/** A WebSocket of ws that passes its events to a `ClientSocket`. ws creates it, by its option `WebSocket`. */
export class ClientWebSocket extends WebSocket {
  client: ClientSocket | undefined
  /** Passes all further events to `client`. */
  adopt(client: ClientSocket): void {
    this.client = client
    // The listener of @fastify/websocket is a closure over the request and the reply: 5 KB.
    dropListeners(this)
  }

  /** Calls the client instead of listeners, which would cost a table and an array for each connection. */
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (this.client === undefined) return super.emit(event, ...args)
    switch (event) {
      case 'message':
        // A Buffer, as `binaryType` is "nodebuffer".
        this.client.message(args[0] as Buffer, args[1] === true)
        return true
      case 'pong':
        this.client.pong()
        return true
      case 'error':
        // ws closes the connection itself.
        this.client.failed(args[0] as Error)
        return true
      case 'close':
        this.client.closed(args[0] as number, String(args[1]))
        return true
      default:
        return false
    }
  }

  /** ws calls it as well, when it receives a ping. */
  override pong(data?: unknown, mask?: boolean, done?: (error: Error) => void): void {
    this.client?.streamed()
    super.pong(data, mask, done)
  }

  /** ws calls it as well: when the client closes, and when it rejects a frame. */
  override close(code?: number, reason?: string | Buffer): void {
    this.client?.closing()
    super.close(code, reason ?? (code === undefined ? undefined : REASONS[code]))
  }
}

/** Called when ws rejects a frame. `code` is its `WS_ERR_…`. */
export type OnSocketError = (code: string) => void

export class ClientSocket implements Socket, Writer {
  // A direct write reads only these six members, and nothing of the WebSocket or the stream: with thousands
  // of sockets none of them is in the caches of the processor.
  #open = true
  /** Bytes may wait in the stream. Initially the response to the upgrade. */
  #streamed = true
  /** Bytes of a direct write that the kernel has not accepted. */
  #direct = 0
  readonly #writer: DirectWriter | undefined
  readonly #tcp: Handle | undefined
  readonly #toBytes: (frame: Frame) => Uint8Array
  readonly #ws: ClientWebSocket
  readonly #net: NetSocket
  readonly #onError: OnSocketError
  #handle: ConnectionHandle | undefined
  #awaitingDrain = false
  #pongs = false

  /**
   * `toBytes`: the wire form of this connection's frames. Without `writer` every write goes through the
   * stream.
   */
  constructor(
    ws: ClientWebSocket,
    net: NetSocket,
    onError: OnSocketError,
    toBytes = frameBytes,
    writer?: DirectWriter,
  ) {
    this.#toBytes = toBytes
    this.#ws = ws
    this.#net = net
    this.#writer = writer
    this.#tcp = writer && handleOf(net)
    this.#onError = onError
  }

  /** Call it in the turn of the upgrade: later the first messages would be lost. */
  attach(handle: ConnectionHandle): void {
    this.#handle = handle
    this.#ws.adopt(this)
  }

  /** For connections with WebSocket pings. Without it pongs are ignored. */
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
      const left = this.#writer?.write(this.#tcp, bytes, this)
      if (left !== undefined) {
        this.#direct = left
        return
      }
    }
    this.#streamed = true
    this.#net.write(bytes)
    if (this.#net.writableLength > 0 && !this.#awaitingDrain) this.#awaitDrain()
  }

  /** ws destroys the socket if the client does not answer within `closeTimeout`. */
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

  /** Bytes that wait in the stream. */
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
    this.#net.write(NO_BYTES, () => {
      this.#awaitingDrain = false
      this.#handle?.onDrain()
    })
  }

  /** The kernel has accepted the rest of a direct write. */
  onWritten(): void {
    this.#direct = 0
    this.#handle?.onDrain()
  }

  onWriteFailed(errno: number): void {
    this.#net.destroy(new Error(`write failed: ${errno}`))
  }

  /** ws is about to write through the stream. */
  streamed(): void {
    this.#streamed = true
  }

  /** ws is about to write a close frame, after which no frame may follow. */
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
