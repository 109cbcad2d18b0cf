/**
 * Coalescing of writes: one timer per node. A socket that has been quiet is written to at once; one that was written to
 * within the current window collects its frames until the window ends, then gets them in one write. An idle node has no
 * timer.
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

export class Flusher {
  readonly #clock: Clock
  readonly #delay: number
  #dirty: Flushable[] = []
  #roots = new Map<Frame, Batch>()
  #running = false
  #window = 1

  constructor(clock: Clock, delay: number) {
    this.#clock = clock
    this.#delay = delay
  }

  /** True when `item` has not been written to in this window, so that it may write at once. */
  quiet(item: Flushable): boolean {
    return item.window !== this.#window
  }

  /** To be called at each write: opens the window in which further frames wait. */
  wrote(item: Flushable): void {
    if (this.#delay <= 0) return
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
    this.#clock.setTimeout(this.#end, this.#delay)
  }

  readonly #end = (): void => {
    const dirty = this.#dirty
    this.#dirty = []
    this.#roots = new Map()
    this.#window++
    this.#running = false
    for (const item of dirty) item.flush()
  }
}
