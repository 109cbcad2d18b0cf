/**
 * Frames waiting for one socket: bounded in bytes and time, written together where the socket is busy. What waits is
 * shared with other connections (see `batch.ts`), so a slow socket holds references, not copies.
 *
 * While the kernel does not take more, three kinds wait apart: `urgent` (pings, and replies that no push depends on) goes
 * first; `waiting` (publications and everything whose order a client relies on) keeps its order; `ephemeral` goes last, is
 * dropped from its old end, or replaced by what is newer in its channel.
 */
import { CLOSE, type CloseCode, codecOf, type Encoding } from '@skein/protocol'
import type { ClientView } from '../hooks.ts'
import type { Frame, Socket } from '../socket.ts'
import { Batch } from './batch.ts'
import type { OutboxContext } from './context.ts'
import { EphemeralQueue } from './ephemeral-queue.ts'
import { type Flushable, type Flusher, NO_WINDOW } from './flusher.ts'

/** With this much unsent in the socket, frames wait here instead, where they are shared and counted. Bytes. */
const SOCKET_FULL = 65_536

/**
 * With less than this part of what may wait behind a socket that was not full, the socket is not asked again for each frame:
 * that reads three objects more, and none of them is in the processor's caches when a channel has many subscribers.
 */
const LITTLE = 8

/** What an outbox needs of its connection. */
export interface OutboxOwner extends ClientView {
  readonly encoding: Encoding
  readonly socket: Socket
  /** A command is being handled, so a reply follows. */
  readonly answering: boolean
  close(close: CloseCode): void
}

export class Outbox implements Flushable {
  // Down to `#fullSince` they are what each push reads: side by side, they share a line of the processor's cache.
  window = NO_WINDOW
  #waiting: Batch | undefined
  readonly #connection: OutboxOwner
  readonly #node: OutboxContext
  /** Monotonic ms since when the socket has been full; 0: it is not. */
  #fullSince = 0
  /** A reply waits for the publication that it acknowledges, which leaves in the same write. */
  #joins = false
  /** Ends the window that {@link #waiting} waits for. */
  #due: Flusher | undefined
  #urgent: Frame[] | undefined
  #ephemeral: EphemeralQueue | undefined

  constructor(node: OutboxContext, connection: OutboxOwner) {
    this.#node = node
    this.#connection = connection
  }

  /** Frames wait here that the socket has not got yet. */
  get waiting(): boolean {
    return this.#waiting !== undefined || this.#urgent !== undefined
  }

  /** Whether a frame of about so many bytes is far from being too much: for senders that can wait. */
  hasRoomFor(bytes: number): boolean {
    const behind = (this.#waiting?.bytes ?? 0) + this.#connection.socket.bufferedAmount
    return behind === 0 || behind + bytes <= this.#node.limits.outboxBytes / 4
  }

  /**
   * A frame that may wait for others as long as `flusher` says. While a command is being answered it waits in any case: the
   * reply follows, and both leave in one write.
   */
  push(frame: Frame, flusher = this.#node.flushers.standard): void {
    if (this.#waiting === undefined && this.#mayWrite(flusher)) {
      this.#write([frame], 1, frame.payload.length)
      flusher.wrote(this)
    } else if (this.#admit(frame)) {
      this.#waiting = this.#waiting?.with(frame) ?? flusher.root(frame)
      if (this.#joins) this.flush()
      else this.#await(flusher)
    }
  }

  /** A frame that may be lost when the socket is full. `channel`: only the newest of that channel is worth sending. */
  pushEphemeral(frame: Frame, channel: string | undefined, flusher: Flusher): void {
    if (!this.#full()) {
      this.push(frame, flusher)
      return
    }
    this.#ephemeral ??= new EphemeralQueue()
    const lost = this.#ephemeral.add(frame, channel)
    if (lost === undefined) return
    this.#node.events.emit('overflow', { queue: 'ephemeral', policy: lost, client: this.#connection })
  }

  /**
   * A frame that the client waits for: written now, behind the frames that wait, unless something `follows` at once that
   * it can share a write with: another reply, or the publication that it acknowledges.
   */
  reply(frame: Frame, follows?: 'reply' | 'publication'): void {
    const { standard } = this.#node.flushers
    if (follows === 'publication' && (this.#waiting !== undefined || standard.delay <= 0 || this.#full())) {
      this.urgent(frame)
      return
    }
    if (!this.#admit(frame)) return
    this.#waiting = this.#waiting?.with(frame) ?? new Batch(frame)
    if (follows === 'publication') this.#joins = true
    if (follows === undefined) this.flush()
    else this.#await(standard)
  }

  /** A frame that goes before all others when the socket is full. No push may depend on coming after it. */
  urgent(frame: Frame): void {
    if (this.#waiting === undefined || !this.#full()) {
      this.reply(frame)
      return
    }
    if (!this.#admit(frame)) return
    this.#urgent ??= []
    this.#urgent.push(frame)
  }

  /** Writes what waits, unless the socket is full; `onDrain` comes back then. */
  flush(): void {
    if (this.#full()) return
    this.#flushUrgent()
    this.#flushWaiting()
    const ephemeral = this.#ephemeral
    if (ephemeral === undefined) return
    this.#ephemeral = undefined
    for (const frame of ephemeral.frames()) this.push(frame)
  }

  /** Lets go of what waits. */
  clear(): void {
    for (const frame of this.#urgent ?? []) this.#node.counters.outboxBytes -= frame.payload.length
    if (this.#waiting !== undefined) this.#node.counters.outboxBytes -= this.#waiting.bytes
    this.#waiting = undefined
    this.#due = undefined
    this.#urgent = undefined
    this.#ephemeral = undefined
  }

  #flushUrgent(): void {
    const urgent = this.#urgent
    if (urgent === undefined) return
    this.#urgent = undefined
    const bytes = urgent.reduce((sum, frame) => sum + frame.payload.length, 0)
    this.#node.counters.outboxBytes -= bytes
    this.#write(urgent, urgent.length, bytes)
  }

  #flushWaiting(): void {
    const waiting = this.#waiting
    if (waiting === undefined) return
    const flusher = this.#due ?? this.#node.flushers.standard
    // It waited for others in vain. If the next one did, too, and so on, each would wait a little longer than the one before.
    const vain = this.#due !== undefined && waiting.count === 1
    this.#waiting = undefined
    this.#due = undefined
    this.#joins = false
    this.window = NO_WINDOW
    this.#node.counters.outboxBytes -= waiting.bytes
    const { join } = codecOf(this.#connection.encoding)
    this.#write(waiting.frames(join), waiting.count, waiting.bytes)
    if (!vain) flusher.wrote(this)
  }

  #mayWrite(flusher: Flusher): boolean {
    if (flusher.delay > 0 && (this.#connection.answering || !flusher.quiet(this))) return false
    return !this.#full()
  }

  /** To be flushed when the window of `flusher` ends, unless an earlier end is waited for. */
  #await(flusher: Flusher): void {
    if (this.#due !== undefined && this.#due.delay <= flusher.delay) return
    this.#due = flusher
    if (flusher.delay > 0) flusher.wait(this)
    else this.flush()
  }

  #full(): boolean {
    const full = this.#connection.socket.bufferedAmount >= SOCKET_FULL
    if (!full) {
      // Not written unless it changes, so that what is only read stays clean in the caches.
      if (this.#fullSince !== 0) this.#fullSince = 0
    } else if (this.#fullSince === 0) this.#fullSince = this.#node.clock.monotonic()
    return full
  }

  /** Counts the frame, or closes a client that is too far behind: in bytes, or in time since it took anything. */
  #admit(frame: Frame): boolean {
    const { limits, counters, clock, events } = this.#node
    const waiting = this.#waiting?.bytes ?? 0
    if (
      waiting > 0 &&
      this.#fullSince === 0 &&
      waiting + frame.payload.length <= limits.outboxBytes / LITTLE
    ) {
      counters.outboxBytes += frame.payload.length
      return true
    }
    const behind = waiting + this.#connection.socket.bufferedAmount
    const stuck = this.#fullSince > 0 && clock.monotonic() - this.#fullSince > limits.slowTimeout
    if (stuck || (behind > 0 && behind + frame.payload.length > limits.outboxBytes)) {
      events.emit('overflow', { queue: 'outbox', policy: 'close', client: this.#connection })
      this.#connection.close(CLOSE.slow)
      return false
    }
    counters.outboxBytes += frame.payload.length
    return true
  }

  #write(frames: readonly Frame[], messages: number, bytes: number): void {
    const { counters, writes } = this.#node
    counters.framesSent += frames.length
    counters.messagesSent += messages
    counters.bytesSent += bytes
    for (const frame of frames) writes.send(this.#connection.socket, frame)
  }
}
