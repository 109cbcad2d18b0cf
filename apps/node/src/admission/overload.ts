/**
 * Detects overload of this process: the event loop is late, or memory is nearly full. An overloaded node
 * accepts no new connections, which protects the open connections.
 */
import { constrainedMemory, memoryUsage } from 'node:process'
import { getHeapStatistics } from 'node:v8'
import { Hysteresis } from './hysteresis.ts'
import type { LoopDelay } from './loop-delay.ts'

/** The observed values: milliseconds and bytes. */
export interface Load {
  /** Mean lateness of timers since the last observation. */
  readonly loopDelay: number
  readonly resident: number
  readonly heap: number
  readonly heapLimit: number
}

export interface OverloadLimits {
  /** 0 disables the check. */
  readonly maxLoopDelay: number
  /** 0: a share of the container's limit, if it has one. */
  readonly maxMemory: number
}

export type OverloadCause = 'loop' | 'memory'

const OBSERVE_INTERVAL_MS = 1000
/** Share of the container's limit. The rest is for a major garbage collection during a burst of outboxes. */
const CONTAINER_SHARE = 0.85
/** Share of V8's limit. Above it V8 spends its time on garbage collection. */
const HEAP_SHARE = 0.9
/** One late observation may follow a stopped process. Three good ones end an overload. */
const OBSERVATIONS = { rise: 2, fall: 3 }

export class Overload {
  readonly #read: () => Load
  readonly #loop: Hysteresis | undefined
  readonly #resident: Hysteresis | undefined
  readonly #heap = new Hysteresis({ high: HEAP_SHARE, low: HEAP_SHARE - 0.1, ...OBSERVATIONS })
  readonly #timer: NodeJS.Timeout
  #load: Load | undefined

  /** `read`: see {@link loadReader}. */
  constructor({ maxLoopDelay, maxMemory }: OverloadLimits, read: () => Load) {
    this.#read = read
    const memory = maxMemory > 0 ? maxMemory : containerLimit() * CONTAINER_SHARE
    if (maxLoopDelay > 0)
      this.#loop = new Hysteresis({ high: maxLoopDelay, low: maxLoopDelay / 2, ...OBSERVATIONS })
    if (memory > 0) this.#resident = new Hysteresis({ high: memory, low: memory * 0.95, ...OBSERVATIONS })
    this.#timer = setInterval(() => this.observe(), OBSERVE_INTERVAL_MS).unref()
  }

  /** A timer calls it once a second. */
  observe(): void {
    const load = this.#read()
    this.#load = load
    this.#loop?.observe(load.loopDelay)
    this.#resident?.observe(load.resident)
    this.#heap.observe(load.heap / load.heapLimit)
  }

  /** Mean lateness of timers within the last second, ms. */
  get loopDelay(): number {
    return this.#load?.loopDelay ?? 0
  }

  get causes(): readonly OverloadCause[] {
    const memory = this.#resident?.on === true || this.#heap.on
    return [...(this.#loop?.on === true ? (['loop'] as const) : []), ...(memory ? (['memory'] as const) : [])]
  }

  /** As text; empty without overload. */
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

/** Returns a function that reads the load of this process since its last call. */
export function loadReader(delay: Pick<LoopDelay, 'lately'>): () => Load {
  return () => {
    const { used_heap_size: heap, heap_size_limit: heapLimit } = getHeapStatistics()
    return { loopDelay: delay.lately(), resident: memoryUsage.rss(), heap, heapLimit }
  }
}

/** Bytes; 0: no limit. Without a limit Linux reports a number larger than any memory. */
function containerLimit(): number {
  const limit = constrainedMemory()
  return limit > 0 && limit < Number.MAX_SAFE_INTEGER / 2 ? limit : 0
}

const mebibytes = (bytes: number): number => Math.round(bytes / 1024 ** 2)
