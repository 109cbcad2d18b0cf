/**
 * Frames waiting for one socket: bounded in bytes, written together where the socket is busy. What waits is shared with
 * other connections (see `batch.ts`), so a slow socket holds references, not copies.
 */
import { CLOSE, codecOf } from '@skein/protocol'
import type { Batch } from './batch.ts'
import type { Connection } from './connection.ts'
import type { Flushable } from './flusher.ts'
import type { NodeContext } from './node-context.ts'
import type { Frame } from './socket.ts'

/** With this much unsent in the socket, frames wait here instead, where they are shared and counted. Bytes. */
const SOCKET_FULL = 65_536

export class Outbox implements Flushable {
  window = 0
  readonly #node: NodeContext
  readonly #connection: Connection
  #waiting: Batch | undefined

  constructor(node: NodeContext, connection: Connection) {
    this.#node = node
    this.#connection = connection
  }

  /** A frame that may wait for others, a few milliseconds at most. */
  push(frame: Frame): void {
    const { flusher } = this.#node
    if (
      this.#waiting === undefined &&
      flusher.quiet(this) &&
      this.#connection.socket.bufferedAmount < SOCKET_FULL
    ) {
      this.#write([frame], 1, frame.payload.length)
      flusher.wrote(this)
    } else {
      const first = this.#waiting === undefined
      this.#append(frame)
      if (first) flusher.wait(this)
    }
  }

  /** A frame that somebody waits for: written now, behind what waits, unless `more` replies follow at once. */
  reply(frame: Frame, more: boolean): void {
    const first = this.#waiting === undefined
    this.#append(frame)
    if (!more) this.flush()
    else if (first) this.#node.flusher.wait(this)
  }

  /** Writes what waits, unless the socket is full; `onDrain` comes back then. */
  flush(): void {
    const waiting = this.#waiting
    if (waiting === undefined || this.#connection.socket.bufferedAmount >= SOCKET_FULL) return
    this.#waiting = undefined
    this.#node.counters.outboxBytes -= waiting.bytes
    const { join } = codecOf(this.#connection.encoding)
    this.#write(waiting.frames(join), waiting.count, waiting.bytes)
    this.#node.flusher.wrote(this)
  }

  /** Lets go of what waits. */
  clear(): void {
    if (this.#waiting !== undefined) this.#node.counters.outboxBytes -= this.#waiting.bytes
    this.#waiting = undefined
  }

  #append(frame: Frame): void {
    const { bufferedAmount } = this.#connection.socket
    const waiting = (this.#waiting?.bytes ?? 0) + frame.payload.length
    if (waiting + bufferedAmount > this.#node.limits.outboxBytes && this.#waiting !== undefined) {
      this.#node.events.emit('overflow', { queue: 'outbox', policy: 'close', client: this.#connection })
      this.clear()
      this.#connection.close(CLOSE.slow)
      return
    }
    this.#node.counters.outboxBytes += frame.payload.length
    this.#waiting = this.#waiting?.with(frame) ?? this.#node.flusher.root(frame)
  }

  #write(frames: readonly Frame[], messages: number, bytes: number): void {
    const { counters } = this.#node
    counters.framesSent += frames.length
    counters.messagesSent += messages
    counters.bytesSent += bytes
    for (const frame of frames) this.#connection.socket.send(frame)
  }
}
