/**
 * Whether this process has more to do, or to keep, than it can: the event loop runs late, or memory is nearly full. A node
 * that says so takes no new connections and leaves the proxy's list, before those connected suffer.
 */
import { constrainedMemory, memoryUsage } from 'node:process'
import { getHeapStatistics } from 'node:v8'
import { Hysteresis } from './hysteresis.ts'
import type { LoopDelay } from './loop-delay.ts'

/** What is looked at. Ms, bytes. */
export interface Load {
  /** Mean lateness of timers since the last look. */
  readonly loopDelay: number
  readonly resident: number
  readonly heap: number
  readonly heapLimit: number
}

export interface OverloadLimits {
  /** 0: not watched. */
  readonly maxLoopDelay: number
  /** 0: by the container's limit, where there is one. */
  readonly maxMemory: number
}

export type OverloadCause = 'loop' | 'memory'

const LOOK_MS = 1000
/** Of the container's limit: what is left is for a major garbage collection beside a burst of outboxes. */
const OF_CONTAINER = 0.85
/** Of V8's limit, beyond which it collects without end before it gives up. */
const OF_HEAP = 0.9
/** A long pause, as of a stopped process, is one look and no load; three good ones are a calm. */
const LOOKS = { rise: 2, fall: 3 }

export class Overload {
  readonly #read: () => Load
  readonly #loop: Hysteresis | undefined
  readonly #resident: Hysteresis | undefined
  readonly #heap = new Hysteresis({ high: OF_HEAP, low: OF_HEAP - 0.1, ...LOOKS })
  readonly #timer: NodeJS.Timeout
  #load: Load | undefined

  /** `read` as {@link loadReader} makes it. */
  constructor({ maxLoopDelay, maxMemory }: OverloadLimits, read: () => Load) {
    this.#read = read
    const memory = maxMemory > 0 ? maxMemory : containerLimit() * OF_CONTAINER
    if (maxLoopDelay > 0) this.#loop = new Hysteresis({ high: maxLoopDelay, low: maxLoopDelay / 2, ...LOOKS })
    if (memory > 0) this.#resident = new Hysteresis({ high: memory, low: memory * 0.95, ...LOOKS })
    this.#timer = setInterval(() => this.look(), LOOK_MS).unref()
  }

  /** Once a second by itself. */
  look(): void {
    const load = this.#read()
    this.#load = load
    this.#loop?.look(load.loopDelay)
    this.#resident?.look(load.resident)
    this.#heap.look(load.heap / load.heapLimit)
  }

  /** Mean lateness of timers within the last second, ms. */
  get loopDelay(): number {
    return this.#load?.loopDelay ?? 0
  }

  get causes(): readonly OverloadCause[] {
    const memory = this.#resident?.on === true || this.#heap.on
    return [...(this.#loop?.on === true ? (['loop'] as const) : []), ...(memory ? (['memory'] as const) : [])]
  }

  /** In plain words; empty when all is well. */
  get reasons(): readonly string[] {
    const load = this.#load
    if (load === undefined) return []
    const reasons: string[] = []
    if (this.#loop?.on === true)
      reasons.push(`overloaded: the event loop runs ${Math.round(load.loopDelay)} ms late`)
    if (this.#resident?.on === true)
      reasons.push(`overloaded: ${mebibytes(load.resident)} MiB of memory are used`)
    if (this.#heap.on)
      reasons.push(
        `overloaded: ${mebibytes(load.heap)} of ${mebibytes(load.heapLimit)} MiB of the heap are used`,
      )
    return reasons
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

/** Reads this process, each time since the time before. */
export function loadReader(delay: Pick<LoopDelay, 'lately'>): () => Load {
  return () => {
    const { used_heap_size: heap, heap_size_limit: heapLimit } = getHeapStatistics()
    return { loopDelay: delay.lately(), resident: memoryUsage.rss(), heap, heapLimit }
  }
}

/** Bytes; 0: none. Where a container has no limit, Linux names one beyond any machine. */
function containerLimit(): number {
  const limit = constrainedMemory()
  return limit > 0 && limit < Number.MAX_SAFE_INTEGER / 2 ? limit : 0
}

const mebibytes = (bytes: number): number => Math.round(bytes / 1024 ** 2)
