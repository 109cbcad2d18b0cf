/** Medians over the rounds, ratios to Skein, and the verdict on each budget. */
import { median } from '@skein/testkit'
import type { Budget, Measurements, Row } from '../rows/row.ts'

/** The system that the others are compared with. */
const REFERENCE = 'skein'

export interface SystemSummary {
  readonly name: string
  readonly label: string
  /** A lower bound of the machine, no server. */
  readonly floor?: boolean
  /** Median of each metric. */
  readonly values: Readonly<Record<string, number>>
  /** Of the main metric: this system's median over Skein's. */
  readonly ratio: number
  /**
   * Of each metric: median over the rounds of this system's value over Skein's in the same round. Absent in
   * old runs.
   */
  readonly paired?: Readonly<Record<string, number>>
  /** Least and most of the ratios of the main metric behind `paired`. */
  readonly pairedSpread?: readonly [number, number]
  /** Rounds measured. */
  readonly rounds?: number
  /** Of the main metric over the rounds. */
  readonly least: number
  readonly most: number
}

export interface BudgetResult {
  readonly metric: string
  /** A ratio to a peer of the same run, not a number. */
  readonly relative: boolean
  readonly text: string
  readonly value: number
  readonly limit: number
  readonly met: boolean
}

export interface RowSummary {
  readonly name: string
  readonly title: string
  readonly main: string
  readonly metrics: Row['metrics']
  readonly systems: readonly SystemSummary[]
  readonly budgets: readonly BudgetResult[]
  /** When it was measured. */
  readonly at: string
}

export function summarize(row: Row, measurements: Measurements): RowSummary {
  const own = medians(row, measurements, REFERENCE)[row.main] ?? Number.NaN
  const systems = row.systems.map(({ name, label, floor = false }) => {
    const values = medians(row, measurements, name)
    const main = (measurements.get(name) ?? []).map((round) => round[row.main] ?? Number.NaN)
    return {
      name,
      label,
      ...(floor && { floor }),
      values,
      ratio: (values[row.main] ?? Number.NaN) / own,
      ...paired(row, measurements, name),
      rounds: main.length,
      least: Math.min(...main),
      most: Math.max(...main),
    }
  })
  return {
    name: row.name,
    title: row.title,
    main: row.main,
    metrics: row.metrics,
    systems,
    budgets: row.budgets
      .filter((budget) => isMeasured(budget, measurements))
      .map((budget) => judge(budget, row, measurements)),
    at: new Date().toISOString(),
  }
}

function paired(
  { metrics, main }: Row,
  measurements: Measurements,
  name: string,
): Pick<SystemSummary, 'paired' | 'pairedSpread'> {
  const ratios = (metric: string): number[] =>
    (measurements.get(name) ?? []).map(
      (round, at) =>
        (round[metric] ?? Number.NaN) / (measurements.get(REFERENCE)?.[at]?.[metric] ?? Number.NaN),
    )
  const ofMain = ratios(main)
  return {
    paired: Object.fromEntries(metrics.map((metric) => [metric.name, median(ratios(metric.name))])),
    pairedSpread: [Math.min(...ofMain), Math.max(...ofMain)],
  }
}

/** A run of some systems only judges the budgets of these systems. */
function isMeasured(
  { of = REFERENCE, timesOf, atLeastTimesOf }: Budget,
  measurements: Measurements,
): boolean {
  const other = (timesOf ?? atLeastTimesOf)?.system
  return measurements.has(of) && (other === undefined || measurements.has(other))
}

function medians(row: Row, measurements: Measurements, system: string): Record<string, number> {
  const rounds = measurements.get(system) ?? []
  return Object.fromEntries(
    row.metrics.map(({ name }) => [name, median(rounds.map((round) => round[name] ?? Number.NaN))]),
  )
}

function judge(budget: Budget, row: Row, measurements: Measurements): BudgetResult {
  const { metric, text, of = REFERENCE, most = Number.NaN, timesOf, atLeastTimesOf } = budget
  const value = medians(row, measurements, of)[metric] ?? Number.NaN
  const multiple = timesOf ?? atLeastTimesOf
  if (multiple === undefined)
    return { metric, relative: false, text: `${text} <= ${most}`, value, limit: most, met: value <= most }
  const { system, factor } = multiple
  const limit = (medians(row, measurements, system)[metric] ?? Number.NaN) * factor
  const [sign, met] = timesOf === undefined ? ['>=', value >= limit] : ['<=', value <= limit]
  return { metric, relative: true, text: `${text} ${sign} ${factor} x ${system}`, value, limit, met }
}
