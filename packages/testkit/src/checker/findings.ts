/** What a checker found: how often, and the first of each kind with what led to it. */
import type { TraceEvent } from './trace.ts'

/**
 * lost: acknowledged and gone, or a silent hole or missing tail at a subscriber · duplicated: at a subscriber, or in the
 * stream · disordered: a subscriber's order, two subscribers' orders, or the order against real time · untold: a
 * subscriber believes to be in a stream that is no more · absent: not back at the end · broken: see `Broken`.
 */
export const FINDINGS = ['lost', 'duplicated', 'disordered', 'untold', 'absent', 'broken'] as const
export type FindingKind = (typeof FINDINGS)[number]

export interface Finding {
  readonly kind: FindingKind
  readonly what: string
  readonly event: TraceEvent | undefined
}

/** Kept of each kind. */
const EXAMPLES = 5

export class Findings {
  readonly counts: Record<FindingKind, number> = {
    lost: 0,
    duplicated: 0,
    disordered: 0,
    untold: 0,
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
