/**
 * How long things took to be well again: what is late (more than a second) or refused marks its moment as not well, and a
 * fault is healed with the last such moment before the next fault.
 */
import type { Fault } from './trace.ts'

/** Later than this is not well, ms. */
const LATE = 1000
/** Moments are kept at this grain, ms. */
const GRAIN = 50

export class Healing {
  readonly #unwell = new Set<number>()
  readonly #faults: Fault[] = []
  /** Ms without a subscription, each time that somebody was. */
  readonly #absences: number[] = []
  #latest = 0

  fault(event: Fault): void {
    this.#faults.push(event)
  }

  /** Something was done at `at` that could have been done from `since` on. */
  done(at: number, since: number): void {
    this.#latest = Math.max(this.#latest, at)
    if (at - since > LATE) this.unwell(at)
  }

  absent(at: number, since: number): void {
    this.#absences.push(at - since)
    this.done(at, since)
  }

  unwell(at: number): void {
    this.#unwell.add(Math.floor(at / GRAIN))
  }

  /** Ms from the end of a fault until all was well: the longest over all faults. 0 without faults. */
  get longest(): number {
    const moments = [...this.#unwell].map((grain) => (grain + 1) * GRAIN).sort((a, b) => a - b)
    const begins = this.#faults.filter(({ phase }) => phase === 'begins').map(({ at }) => at)
    let longest = 0
    for (const { at } of this.#faults.filter(({ phase }) => phase === 'ends')) {
      const next = Math.min(...begins.filter((begin) => begin > at), Number.POSITIVE_INFINITY)
      const last = moments.findLast((moment) => moment > at && moment < next) ?? at
      longest = Math.max(longest, last - at)
    }
    return Math.round(longest)
  }

  /** Ms without a subscription: the given share of all times that somebody was (0.99: p99). 0 when nobody was. */
  absence(share: number): number {
    const sorted = this.#absences.sort((a, b) => a - b)
    return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  }
}
