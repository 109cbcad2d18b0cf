/**
 * How long the cluster needs to heal. A delivery later than a second, or a rejection, marks its moment as
 * unhealthy; a fault is healed with the last such moment before the next fault.
 */
import type { Fault } from './trace.ts'

/** A delivery later than this is unhealthy, ms. */
const LATE_MS = 1000
/** Moments are rounded to this, ms. */
const INTERVAL_MS = 50

export class Healing {
  readonly #unwell = new Set<number>()
  readonly #faults: Fault[] = []
  /** Milliseconds of each period without a subscription. */
  readonly #absences: number[] = []
  #latest = 0

  fault(event: Fault): void {
    this.#faults.push(event)
  }

  /** An action took place at `at` that was possible from `since` on. */
  done(at: number, since: number): void {
    this.#latest = Math.max(this.#latest, at)
    if (at - since > LATE_MS) this.unwell(at)
  }

  absent(at: number, since: number): void {
    this.#absences.push(at - since)
    this.done(at, since)
  }

  unwell(at: number): void {
    this.#unwell.add(Math.floor(at / INTERVAL_MS))
  }

  /**
   * Milliseconds from the end of a fault until all is healthy: the longest over all faults. 0 without faults.
   */
  get longest(): number {
    const moments = [...this.#unwell].map((grain) => (grain + 1) * INTERVAL_MS).sort((a, b) => a - b)
    const begins = this.#faults.filter(({ phase }) => phase === 'begins').map(({ at }) => at)
    let longest = 0
    for (const { at } of this.#faults.filter(({ phase }) => phase === 'ends')) {
      const next = Math.min(...begins.filter((begin) => begin > at), Number.POSITIVE_INFINITY)
      const last = moments.findLast((moment) => moment > at && moment < next) ?? at
      longest = Math.max(longest, last - at)
    }
    return Math.round(longest)
  }

  /** Milliseconds without a subscription: the given share of all periods (0.99: p99). 0 without any. */
  absence(share: number): number {
    const sorted = this.#absences.sort((a, b) => a - b)
    return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  }
}
