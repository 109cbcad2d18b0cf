/**
 * Coalescing of writes: one timer for each write delay that namespaces ask for. A socket that has been quiet is written to at
 * once; one that was written to within the current window collects its frames until the window ends, then gets them in one
 * write. An idle node has no timer.
 */
import { Batch } from './batch.ts'
import type { Clock } from './ports.ts'
import type { Frame } from './socket.ts'

/** What the flusher keeps per connection; only the flusher and the outbox touch it. */
export interface Flushable {
  /** The window in which something was last written. */
  window: number
  flush(): void
}

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
  #dirty: Flushable[] = []
  #roots = new Map<Frame, Batch>()
  #running = false
  #window: number

  constructor(clock: Clock, delay: number, windows: Windows = { last: NO_WINDOW }) {
    this.#clock = clock
    this.delay = delay
    this.#windows = windows
    this.#window = ++windows.last
  }

  /** True when `item` has not been written to in this window, so that it may write at once. */
  quiet(item: Flushable): boolean {
    return item.window !== this.#window
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
    this.#clock.setTimeout(this.#end, this.delay)
  }

  readonly #end = (): void => {
    const dirty = this.#dirty
    this.#dirty = []
    this.#roots = new Map()
    this.#window = ++this.#windows.last
    this.#running = false
    for (const item of dirty) item.flush()
  }
}

/** A node's flushers, one for each delay. */
export class Flushers {
  /** For frames of no channel. */
  readonly standard: Flusher
  readonly #clock: Clock
  readonly #windows: Windows = { last: NO_WINDOW }
  readonly #byDelay = new Map<number, Flusher>()

  /** `delay`: of channels whose namespace does not say, ms. */
  constructor(clock: Clock, delay: number) {
    this.#clock = clock
    this.standard = this.of(delay)
  }

  of(delay = this.standard.delay): Flusher {
    const known = this.#byDelay.get(delay)
    if (known !== undefined) return known
    const made = new Flusher(this.#clock, delay, this.#windows)
    this.#byDelay.set(delay, made)
    return made
  }
}
