/**
 * Writes to a TCP socket without the stream around it. In the end a `net.Socket` writes a Buffer by one call
 * of its handle; this class makes that call at once. The stream does everything else: writes behind waiting
 * bytes, the close frame, the end. Both put their bytes into the one queue of libuv, which keeps the order of
 * the calls.
 *
 * See README.md in this folder. If the handle has another shape, all writes go through the stream.
 */
import type { Socket } from 'node:net'

/** A write request of libuv. */
interface WriteRequest {
  oncomplete?: (status: number) => void
  /** Keeps the bytes alive until they are written. */
  buffer?: Uint8Array
  /** Of `AsyncWrap`; {@link UNUSED} until a write with this request is in flight. */
  getAsyncId(): number
}

const UNUSED = -1

/** The handle of a TCP socket. It outlives the socket, and then refuses to write. */
export interface Handle {
  /** Bytes that the kernel has not accepted yet. */
  readonly writeQueueSize: number
  /** 0, or a negated errno. */
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number
}

export interface Writer {
  /** The kernel has accepted all bytes. Not called if the socket ends before. */
  onWritten(): void
  /** No further write is possible. `errno`: negated. */
  onWriteFailed(errno: number): void
}

/** One for all sockets of a server. */
export class DirectWriter {
  #requestClass: (new () => WriteRequest) | undefined
  /** Shared by all writes that complete at once, which is nearly every one. */
  #unused: WriteRequest | undefined

  /**
   * Returns the number of bytes that the kernel has not accepted. If it is not 0, `onWritten` follows.
   * Returns `undefined` if nothing was written: use the stream. Nothing may wait in the stream.
   */
  write(handle: Handle, bytes: Uint8Array, writer: Writer): number | undefined {
    if (this.#requestClass === undefined) {
      this.#learn(handle)
      return undefined
    }
    this.#unused ??= new this.#requestClass()
    const request = this.#unused
    const failed = handle.writeBuffer(request, bytes)
    if (failed !== 0) {
      writer.onWriteFailed(failed)
      return 0
    }
    // Not `writeQueueSize`: it is 0 if the kernel accepts the rest at libuv's second attempt, but the request
    // is in use until the next turn (`uv__write_req_finish`). Node aborts if such a request is used again.
    if (request.getAsyncId() === UNUSED) return 0
    this.#unused = undefined
    const left = handle.writeQueueSize
    request.buffer = bytes
    request.oncomplete = (status) => {
      if (status < 0) writer.onWriteFailed(status)
      else if (left > 0) writer.onWritten()
    }
    return left
  }

  /** No module exports the class of requests. The next write of the stream shows one. */
  #learn(handle: Handle): void {
    if (typeof handle.writeBuffer !== 'function' || typeof handle.writeQueueSize !== 'number') return
    const original = handle.writeBuffer
    const found = (request: WriteRequest): void => {
      Reflect.deleteProperty(handle, 'writeBuffer')
      if (typeof request.getAsyncId === 'function')
        this.#requestClass = request.constructor as new () => WriteRequest
    }
    Object.defineProperty(handle, 'writeBuffer', {
      configurable: true,
      value(this: Handle, request: WriteRequest, bytes: Uint8Array): number {
        found(request)
        return original.call(this, request, bytes)
      },
    })
  }
}

/** `undefined` for a closed socket, and for one that is no plain TCP socket. */
export function handleOf(socket: Socket): Handle | undefined {
  const { _handle: handle } = socket as { _handle?: Partial<Handle> | null }
  if (handle === null || handle === undefined) return undefined
  return handle.constructor.name === 'TCP' ? (handle as Handle) : undefined
}
