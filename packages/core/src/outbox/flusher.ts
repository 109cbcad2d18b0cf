/**
 * Coalesces writes, with one timer for each write delay of the namespaces. A quiet socket is written to at
 * once. A socket that was written to within the current window collects its frames until the window ends. An
 * idle node has no timer.
 */
import type { Clock } from '../ports.ts'
import type { Frame } from '../socket.ts'
import { Batch } from './batch.ts'
import { WRITES_PER_STEP, Writes } from './writes.ts'

/** An outbox, as its flusher knows it. */
export interface Flushable {
  /** The window of the last write. Only the flusher and the outbox change it. */
  window: number
  flush(): void
}

/**
 * The share of a window after which a socket that collects nothing counts as quiet. Otherwise each message of
 * a channel with about one message a window would wait: 5 ms of 10 at 100 messages a second
 * (docs/performance/trials.md).
 */
const LATE_SHARE = 0.8

/** The number of no window: a socket with it counts as quiet. */
export const NO_WINDOW = 0

/** Numbers the windows of all delays, so that no two have the same number. */
interface Windows {
  last: number
}

export class Flusher {
  /** The length of a window, ms; 0: frames do not wait. */
  readonly delay: number
  readonly #clock: Clock
  readonly #windows: Windows
  readonly #writes: Writes
  #dirty: Flushable[] = []
  #roots = new Map<Frame, Batch>()
  #running = false
  /** When {@link LATE_SHARE} of the window is over, monotonic ms. */
  #lateAt = 0
  #window: number

  constructor(clock: Clock, delay: number, windows: Windows = { last: NO_WINDOW }, writes = new Writes()) {
    this.#clock = clock
    this.#writes = writes
    this.delay = delay
    this.#windows = windows
    this.#window = ++windows.last
  }

  /** Whether `item`, for which nothing waits, may be written to at once. */
  quiet(item: Flushable): boolean {
    // The clock is read last: most sockets were not written to in this window.
    return item.window !== this.#window || this.#clock.monotonic() >= this.#lateAt
  }

  /** The outbox calls it at each write. Opens the window in which further frames wait. */
  wrote(item: Flushable): void {
    if (this.delay <= 0) return
    item.window = this.#window
    this.#start()
  }

  /** Frames of `item` wait: flushes it when the window ends. */
  wait(item: Flushable): void {
    this.#dirty.push(item)
    this.#start()
  }

  /** The sequence of `frame` alone, which all sockets share. */
  root(frame: Frame): Batch {
    const known = this.#roots.get(frame)
    if (known !== undefined) {
      known.holders++
      return known
    }
    const batch = new Batch(frame)
    this.#roots.set(frame, batch)
    return batch
  }

  #start(): void {
    if (this.#running) return
    this.#running = true
    this.#lateAt = this.#clock.monotonic() + this.delay * LATE_SHARE
    this.#clock.setTimeout(this.#end, this.delay)
  }

  readonly #end = (): void => {
    const dirty = this.#dirty
    this.#dirty = []
    this.#roots = new Map()
    this.#window = ++this.#windows.last
    this.#running = false
    for (let at = 0; at < dirty.length; at += WRITES_PER_STEP)
      this.#writes.step(dirty, at, Math.min(at + WRITES_PER_STEP, dirty.length), flush)
  }
}

function flush(item: Flushable): void {
  item.flush()
}

/** A node's flushers, one for each delay. */
export class Flushers {
  /** For frames that belong to no channel. */
  readonly standard: Flusher
  readonly #clock: Clock
  readonly #windows: Windows = { last: NO_WINDOW }
  readonly #writes: Writes
  readonly #byDelay = new Map<number, Flusher>()

  /** `delay`: the default of the namespaces, ms. */
  constructor(clock: Clock, delay: number, writes: Writes) {
    this.#clock = clock
    this.#writes = writes
    this.standard = this.of(delay)
  }

  of(delay = this.standard.delay): Flusher {
    const known = this.#byDelay.get(delay)
    if (known !== undefined) return known
    const made = new Flusher(this.#clock, delay, this.#windows, this.#writes)
    this.#byDelay.set(delay, made)
    return made
  }
}
