/** The findings of a checker: the number of each kind, and the events that led to the first ones. */
import type { TraceEvent } from './trace.ts'

/**
 * lost: acknowledged and missing, or a silent gap or missing tail at a subscriber · duplicated: at a
 * subscriber, or in the stream · disordered: a subscriber's order, two subscribers' orders, or the order
 * against real time · unnotified: a subscriber continues in a stream that no longer exists · absent: not
 * subscribed at the end · broken: see `Broken`.
 */
export const FINDINGS = ['lost', 'duplicated', 'disordered', 'unnotified', 'absent', 'broken'] as const
export type FindingKind = (typeof FINDINGS)[number]

export interface Finding {
  readonly kind: FindingKind
  readonly what: string
  readonly event: TraceEvent | undefined
}

/** Findings kept of each kind. */
const EXAMPLES = 5

export class Findings {
  readonly counts: Record<FindingKind, number> = {
    lost: 0,
    duplicated: 0,
    disordered: 0,
    unnotified: 0,
    absent: 0,
    broken: 0,
  }
  readonly examples: Finding[] = []

  add(kind: FindingKind, what: string, event?: TraceEvent, times = 1): void {
    this.counts[kind] += times
    if (this.examples.filter((one) => one.kind === kind).length < EXAMPLES) {
      this.examples.push({ kind, what, event })
    }
  }
}
