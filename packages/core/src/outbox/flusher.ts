/**
 * Coalescing of writes: one timer for each write delay that namespaces ask for. A socket that has been quiet is written to at
 * once; one that was written to within the current window collects its frames until the window ends, then gets them in one
 * write. An idle node has no timer.
 */

import type { Clock } from '../ports.ts'
import type { Frame } from '../socket.ts'
import { Batch } from './batch.ts'
import { STEP, Writes } from './writes.ts'

/** What the flusher keeps per connection; only the flusher and the outbox touch it. */
export interface Flushable {
  /** The window in which something was last written. */
  window: number
  flush(): void
}

/**
 * The part of a window after which a socket counts as quiet that collects nothing yet. Of a channel whose messages come about as
 * often as windows end, each would wait for some of its window otherwise, 5 ms of 10 at 100 a second (docs/performance.md); in
 * a channel with more, the next one has come before.
 */
const LATE = 0.8

/** No window has this number, so that a socket in it counts as quiet. */
export const NO_WINDOW = 0

/** Numbers windows, so that those of different delays are never taken for each other. */
interface Windows {
  last: number
}

export class Flusher {
  /** How long frames wait, ms; 0: not at all. */
  readonly delay: number
  readonly #clock: Clock
  readonly #windows: Windows
  readonly #writes: Writes
  #dirty: Flushable[] = []
  #roots = new Map<Frame, Batch>()
  #running = false
  /** Monotonic ms: when the window is {@link LATE}. */
  #lateAt = 0
  #window: number

  constructor(clock: Clock, delay: number, windows: Windows = { last: NO_WINDOW }, writes = new Writes()) {
    this.#clock = clock
    this.#writes = writes
    this.delay = delay
    this.#windows = windows
    this.#window = ++windows.last
  }

  /** True when `item`, which has nothing waiting, may write at once: it was not written to in this window, or long ago. */
  quiet(item: Flushable): boolean {
    // Time is asked for last: most sockets were not written to in this window, or have something waiting.
    return item.window !== this.#window || this.#clock.monotonic() >= this.#lateAt
  }

  /** To be called at each write: opens the window in which further frames wait. */
  wrote(item: Flushable): void {
    if (this.delay <= 0) return
    item.window = this.#window
    this.#start()
  }

  /** `item` has frames waiting; it is flushed when the window ends. */
  wait(item: Flushable): void {
    this.#dirty.push(item)
    this.#start()
  }

  /** The shared sequence of `frame` alone. */
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
    this.#lateAt = this.#clock.monotonic() + this.delay * LATE
    this.#clock.setTimeout(this.#end, this.delay)
  }

  readonly #end = (): void => {
    const dirty = this.#dirty
    this.#dirty = []
    this.#roots = new Map()
    this.#window = ++this.#windows.last
    this.#running = false
    for (let at = 0; at < dirty.length; at += STEP)
      this.#writes.step(dirty, at, Math.min(at + STEP, dirty.length), flush)
  }
}

function flush(item: Flushable): void {
  item.flush()
}

/** A node's flushers, one for each delay. */
export class Flushers {
  /** For frames of no channel. */
  readonly standard: Flusher
  readonly #clock: Clock
  readonly #windows: Windows = { last: NO_WINDOW }
  readonly #writes: Writes
  readonly #byDelay = new Map<number, Flusher>()

  /** `delay`: of channels whose namespace does not say, ms. */
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
