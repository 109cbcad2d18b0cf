/**
 * Simulated time: one queue of events for the whole cluster, in the order of their moments, and a clock for
 * each node.
 */
import type { Clock, Timer } from '@skein/core'

interface Event {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

export class Timeline {
  /** Ms since the beginning. */
  now = 0
  #order = 0
  /** A binary heap by moment. */
  readonly #heap: Event[] = []

  /** Runs it `ms` from now. The result cancels it. */
  after(ms: number, run: () => void): Event {
    const event = { at: this.now + ms, order: this.#order++, run }
    this.#heap.push(event)
    this.#rise(this.#heap.length - 1)
    return event
  }

  /** Advances by `ms`: events happen in their order, and the effects of one settle before the next. */
  async advance(ms: number): Promise<void> {
    const end = this.now + ms
    await settle()
    for (let next = this.#heap[0]; next !== undefined && next.at <= end; next = this.#heap[0]) {
      this.#take()
      this.now = Math.max(this.now, next.at)
      next.run()
      await settle()
    }
    this.now = end
  }

  #take(): void {
    const last = this.#heap.pop()
    if (last === undefined || this.#heap.length === 0) return
    this.#heap[0] = last
    this.#sink()
  }

  #rise(start: number): void {
    for (let at = start; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!this.#before(at, parent)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  #sink(): void {
    for (let at = 0; ; ) {
      let least = at
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#heap.length && this.#before(child, least)) least = child
      }
      if (least === at) return
      this.#swap(at, least)
      at = least
    }
  }

  #before(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]]
    if (a === undefined || b === undefined) return false
    return a.at < b.at || (a.at === b.at && a.order < b.order)
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#heap[one], this.#heap[other]]
    if (a === undefined || b === undefined) return
    this.#heap[one] = b
    this.#heap[other] = a
  }
}

/** Promises and queued deliveries settle. Two turns: core uses `setImmediate` at most once in a row. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/**
 * One process: every event of it goes through here. While it is paused all of them wait, timers and network;
 * after its death none happens.
 */
export class Process {
  dead = false
  #paused = false
  #waiting: (() => void)[] = []

  get paused(): boolean {
    return this.#paused
  }

  /** Now, or on its wake-up, or never. */
  run(what: () => void): void {
    if (this.dead) return
    if (this.#paused) this.#waiting.push(what)
    else what()
  }

  pause(): void {
    this.#paused = true
  }

  wake(): void {
    this.#paused = false
    const waiting = this.#waiting
    this.#waiting = []
    for (const what of waiting) this.run(what)
  }
}

export class ProcessClock implements Clock {
  readonly #timeline: Timeline
  readonly #process: Process
  readonly #cleared = new WeakSet<object>()

  constructor(timeline: Timeline, process: Process) {
    this.#timeline = timeline
    this.#process = process
  }

  now(): number {
    return Math.floor(1_700_000_000_000 + this.#timeline.now)
  }

  monotonic(): number {
    return this.#timeline.now
  }

  setTimeout(run: () => void, ms: number): Timer {
    const timer = {}
    this.#timeline.after(ms, () => {
      this.#process.run(() => {
        if (!this.#cleared.has(timer)) run()
      })
    })
    return timer
  }

  clearTimeout(timer: Timer): void {
    if (typeof timer === 'object') this.#cleared.add(timer)
  }
}
