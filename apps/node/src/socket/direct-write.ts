/**
 * Writes to a socket without the stream around it: 2.4 us of CPU for a write instead of 2.75, both with the system call
 * (docs/performance.md). What Node's `net.Socket` does with a Buffer in the end is one call of its handle;
 * here that call is made at once. Everything else stays the stream's: what is written while bytes wait, the close frame,
 * the end. Both put their bytes into the one queue of libuv, so their order is the order of the calls.
 *
 * The handle is not public API. Where it does not look as known, writes go through the stream as ever.
 */
import type { Socket } from 'node:net'

/** A pending write, as libuv knows it. Only one that did not end at once is ever used up. */
interface Request {
  oncomplete?: (status: number) => void
  /** Keeps the bytes alive until they are written. */
  buffer?: Uint8Array
  /** Of `AsyncWrap`, from which it descends; {@link UNUSED} as long as no write is under way with it. */
  getAsyncId(): number
}

const UNUSED = -1

/** Of a TCP socket; it outlives the socket, and refuses to write then. */
export interface Handle {
  /** Bytes that the kernel has not taken yet. */
  readonly writeQueueSize: number
  /** 0, or a negated errno. */
  writeBuffer(request: Request, bytes: Uint8Array): number
}

export interface Writer {
  /** The kernel has taken all; not told if the socket ends before. */
  onWritten(): void
  /** Nothing more can be written. `errno`: negated. */
  onWriteFailed(errno: number): void
}

type RequestClass = new () => Request

let requestClass: RequestClass | undefined
/** Shared by all writes that end at once, which is nearly every one. */
let unused: Request | undefined

/**
 * Returns how many bytes the kernel has not taken, 0 in most cases; otherwise `onWritten` follows. `undefined`: nothing was
 * written, use the stream. Nothing may wait in the stream.
 */
export function writeDirectly(handle: Handle, bytes: Uint8Array, writer: Writer): number | undefined {
  if (requestClass === undefined) {
    learn(handle)
    return undefined
  }
  unused ??= new requestClass()
  const request = unused
  const failed = handle.writeBuffer(request, bytes)
  if (failed !== 0) {
    writer.onWriteFailed(failed)
    return 0
  }
  // Not to be told from `writeQueueSize`: when the kernel takes the rest at libuv's second try, the queue is empty, but the
  // request is in use until the next turn (`uv__write_req_finish`), and Node aborts the process if it is used again.
  if (request.getAsyncId() === UNUSED) return 0
  unused = undefined
  const left = handle.writeQueueSize
  request.buffer = bytes
  request.oncomplete = (status) => {
    if (status < 0) writer.onWriteFailed(status)
    else if (left > 0) writer.onWritten()
  }
  return left
}

/** `undefined` for a socket that is gone, or is no plain TCP socket. */
export function handleOf(socket: Socket): Handle | undefined {
  const { _handle: handle } = socket as { _handle?: Partial<Handle> | null }
  if (handle === null || handle === undefined) return undefined
  return handle.constructor.name === 'TCP' ? (handle as Handle) : undefined
}

/** The class of requests is nowhere exported: the next write of the stream shows one. */
function learn(handle: Handle): void {
  if (typeof handle.writeBuffer !== 'function' || typeof handle.writeQueueSize !== 'number') return
  const original = handle.writeBuffer
  Object.defineProperty(handle, 'writeBuffer', {
    configurable: true,
    value(this: Handle, request: Request, bytes: Uint8Array): number {
      Reflect.deleteProperty(handle, 'writeBuffer')
      if (typeof request.getAsyncId === 'function') requestClass = request.constructor as RequestClass
      return original.call(this, request, bytes)
    },
  })
}
