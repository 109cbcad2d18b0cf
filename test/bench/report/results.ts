/**
 * The last result of every measurement: `docs/performance/results.json`, to which runs add. The pages are
 * made of it.
 */
import type { Curve } from '../curves/curves.ts'
import type { Machine } from '../measure/machine.ts'
import type { MillionReport } from '../million/million.ts'
import { addRun, type MillionRun, runOf } from './million-runs.ts'
import type { RowSummary } from './summary.ts'

/** The content of `--json`. */
export interface Run {
  readonly at: string
  readonly machine: Machine
  /** The command line. */
  readonly command: string
  readonly rows?: readonly RowSummary[]
  readonly million?: MillionReport
  readonly curves?: readonly Curve[]
}

/** One measurement with its origin. */
export interface Of<T> {
  readonly at: string
  readonly machine: Machine
  readonly command: string
  readonly result: T
}

export interface Results {
  readonly rows: Readonly<Record<string, Of<RowSummary>>>
  readonly curves: Readonly<Record<string, Of<Curve>>>
  readonly million?: Of<MillionReport>
  /** Every run of the million, the last one at the end. */
  readonly millionRuns?: readonly MillionRun[]
}

export const NO_RESULTS: Results = { rows: {}, curves: {} }

/** Adds a run: its measurements replace earlier ones. */
export function add(
  results: Results,
  { at, machine, command, rows = [], curves = [], million }: Run,
): Results {
  const of = <T>(result: T): Of<T> => ({ at, machine, command, result })
  return {
    ...results,
    rows: { ...results.rows, ...named(rows.map((row) => [row.name, { ...of(row), at: row.at }])) },
    curves: { ...results.curves, ...named(curves.map((curve) => [curve.name, of(curve)])) },
    ...(million !== undefined && {
      million: of(million),
      millionRuns: addRun(results.millionRuns ?? [], runOf(at, million)),
    }),
  }
}

const named = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries(entries)
