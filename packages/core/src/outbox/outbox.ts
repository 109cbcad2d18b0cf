/**
 * Frames that wait for one socket: bounded in bytes and time, and written together while the socket is busy.
 * Connections share the frames that wait (`batch.ts`), so a slow socket holds references, not copies.
 *
 * While the socket is full, three kinds wait apart. `urgent` (pings, and replies that no push depends on)
 * leaves first. `waiting` (publications and every frame whose order a client relies on) keeps its order.
 * `ephemeral` leaves last: its oldest frames are dropped, or replaced by newer ones of their channel.
 */
import { CLOSE, type CloseCode, codecOf, type Encoding } from '@skein/protocol'
import type { ClientView } from '../hooks.ts'
import type { Frame, Socket } from '../socket.ts'
import { Batch } from './batch.ts'
import type { OutboxContext } from './context.ts'
import { EphemeralQueue } from './ephemeral-queue.ts'
import { type Flushable, type Flusher, NO_WINDOW } from './flusher.ts'

/** With as much unsent in the socket, frames wait here instead, where they are shared and counted. */
const FULL_SOCKET_BYTES = 65_536

/**
 * Below this share of `outboxBytes` a frame is admitted without asking the socket for its backlog, if the
 * socket was not full: asking reads three more objects, which are not cached in a fan-out to many
 * subscribers.
 */
const UNCHECKED_SHARE = 1 / 8

/** The part of a connection that its outbox uses. */
export interface OutboxOwner extends ClientView {
  readonly encoding: Encoding
  readonly socket: Socket
  /** A command is being handled, so a reply follows. */
  readonly answering: boolean
  close(close: CloseCode): void
}

export class Outbox implements Flushable {
  // Each push reads the fields down to `#fullSince`: side by side, they share a cache line.
  window = NO_WINDOW
  #waiting: Batch | undefined
  readonly #owner: OutboxOwner
  readonly #node: OutboxContext
  /** Since when the socket has been full, monotonic ms; 0: it is not. */
  #fullSince = 0
  /** The flusher whose window ends first for {@link #waiting}. */
  #due: Flusher | undefined
  #urgent: Frame[] | undefined
  #ephemeral: EphemeralQueue | undefined

  constructor(node: OutboxContext, owner: OutboxOwner) {
    this.#node = node
    this.#owner = owner
  }

  /** Frames wait here. Ephemeral frames do not count. */
  get waiting(): boolean {
    return this.#waiting !== undefined || this.#urgent !== undefined
  }

  /** Whether a frame of `bytes` leaves the outbox well below its bound: for senders that can wait. */
  hasRoomFor(bytes: number): boolean {
    const behind = (this.#waiting?.bytes ?? 0) + this.#owner.socket.bufferedAmount
    return behind === 0 || behind + bytes <= this.#node.limits.outboxBytes / 4
  }

  /**
   * A frame that may wait for others until the window of `flusher` ends. While a command is being handled it
   * always waits: the reply follows, and both leave in one write.
   */
  push(frame: Frame, flusher = this.#node.flushers.standard): void {
    if (this.#waiting === undefined && this.#mayWrite(flusher)) {
      this.#write([frame], 1, frame.payload.length)
      flusher.wrote(this)
    } else if (this.#admit(frame)) {
      this.#waiting = this.#waiting?.with(frame) ?? flusher.root(frame)
      this.#await(flusher)
    }
  }

  /**
   * A frame that may be dropped while the socket is full. `channel`: a newer frame of the channel replaces
   * it.
   */
  pushEphemeral(frame: Frame, channel: string | undefined, flusher: Flusher): void {
    if (!this.#full()) {
      this.push(frame, flusher)
      return
    }
    this.#ephemeral ??= new EphemeralQueue()
    const lost = this.#ephemeral.add(frame, channel)
    if (lost === undefined) return
    this.#node.events.emit('overflow', { queue: 'ephemeral', policy: lost, client: this.#owner })
  }

  /**
   * A frame that the client waits for: written now, behind the frames that wait, unless `more` replies follow
   * at once.
   */
  reply(frame: Frame, more: boolean): void {
    if (!this.#admit(frame)) return
    this.#waiting = this.#waiting?.with(frame) ?? new Batch(frame)
    if (more) this.#await(this.#node.flushers.standard)
    else this.flush()
  }

  /** A frame that leaves before all others when the socket is full. No push may depend on its order. */
  urgent(frame: Frame): void {
    if (this.#waiting === undefined || !this.#full()) {
      this.reply(frame, false)
      return
    }
    if (!this.#admit(frame)) return
    this.#urgent ??= []
    this.#urgent.push(frame)
  }

  /** Writes the frames that wait, unless the socket is full: `onDrain` calls it again. */
  flush(): void {
    if (this.#full()) return
    this.#flushUrgent()
    this.#flushWaiting()
    const ephemeral = this.#ephemeral
    if (ephemeral === undefined) return
    this.#ephemeral = undefined
    for (const frame of ephemeral.frames()) this.push(frame)
  }

  /** Drops the frames that wait. */
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
    // A frame that waited alone opens no window: the next one would wait in it, alone again.
    const waitedAlone = this.#due !== undefined && waiting.count === 1
    this.#waiting = undefined
    this.#due = undefined
    this.window = NO_WINDOW
    this.#node.counters.outboxBytes -= waiting.bytes
    const { join } = codecOf(this.#owner.encoding)
    this.#write(waiting.frames(join), waiting.count, waiting.bytes)
    if (!waitedAlone) flusher.wrote(this)
  }

  #mayWrite(flusher: Flusher): boolean {
    if (flusher.delay > 0 && (this.#owner.answering || !flusher.quiet(this))) return false
    return !this.#full()
  }

  /** Flushes when the window of `flusher` ends, or earlier if a shorter one is awaited already. */
  #await(flusher: Flusher): void {
    if (this.#due !== undefined && this.#due.delay <= flusher.delay) return
    this.#due = flusher
    if (flusher.delay > 0) flusher.wait(this)
    else this.flush()
  }

  #full(): boolean {
    const full = this.#owner.socket.bufferedAmount >= FULL_SOCKET_BYTES
    if (!full) {
      // Written only when it changes, so that the cache line stays clean.
      if (this.#fullSince !== 0) this.#fullSince = 0
    } else if (this.#fullSince === 0) this.#fullSince = this.#node.clock.monotonic()
    return full
  }

  /**
   * Counts the frame, or closes a client that is too far behind: in bytes, or in time since the socket took
   * any.
   */
  #admit(frame: Frame): boolean {
    const { limits, counters, clock, events } = this.#node
    const waiting = this.#waiting?.bytes ?? 0
    if (
      waiting > 0 &&
      this.#fullSince === 0 &&
      waiting + frame.payload.length <= limits.outboxBytes * UNCHECKED_SHARE
    ) {
      counters.outboxBytes += frame.payload.length
      return true
    }
    const behind = waiting + this.#owner.socket.bufferedAmount
    const stuck = this.#fullSince > 0 && clock.monotonic() - this.#fullSince > limits.slowTimeout
    if (stuck || (behind > 0 && behind + frame.payload.length > limits.outboxBytes)) {
      events.emit('overflow', { queue: 'outbox', policy: 'close', client: this.#owner })
      this.#owner.close(CLOSE.slow)
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
    for (const frame of frames) writes.send(this.#owner.socket, frame)
  }
}
