/** The outcome of a run of a scenario. */
import type { Verdict } from '@skein/testkit'

export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly bound?: number
}

export type Outcome = {
  readonly scenario: string
  readonly seed: number
} & (
  | {
      readonly state: 'ran'
      readonly verdict: Verdict
      readonly figures: readonly Figure[]
      readonly failures: readonly string[]
    }
  /** The machine lacks a requirement: the run tests no promise. */
  | { readonly state: 'skipped'; readonly reason: string }
  /** The product lacks a feature, or the run itself failed: a failure. */
  | { readonly state: 'not available' | 'crashed'; readonly reason: string }
)

export function failed(outcome: Outcome): boolean {
  if (outcome.state === 'ran') return outcome.failures.length > 0
  return outcome.state !== 'skipped'
}
