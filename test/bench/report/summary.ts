/** Medians over the rounds, ratios to Skein, and what became of the budgets. */
import { median } from '@skein/testkit'
import type { Budget, Measurements, Row } from '../rows/row.ts'

export interface SystemSummary {
  readonly name: string
  readonly label: string
  /** What the machine costs, and no server to compare with. */
  readonly floor?: boolean
  /** Median of each metric. */
  readonly values: Readonly<Record<string, number>>
  /** Of the main metric: this system's over Skein's. */
  readonly ratio: number
  /** Of the main metric over the rounds. */
  readonly least: number
  readonly most: number
}

export interface BudgetResult {
  readonly metric: string
  /** Against a peer of the same run, not a number. */
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
  const own = medians(row, measurements, 'skein')[row.main] ?? Number.NaN
  const systems = row.systems.map(({ name, label, floor = false }) => {
    const values = medians(row, measurements, name)
    const main = (measurements.get(name) ?? []).map((round) => round[row.main] ?? Number.NaN)
    return {
      name,
      label,
      ...(floor && { floor }),
      values,
      ratio: (values[row.main] ?? Number.NaN) / own,
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
    budgets: row.budgets.map((budget) => judge(budget, row, measurements)),
    at: new Date().toISOString(),
  }
}

function medians(row: Row, measurements: Measurements, system: string): Record<string, number> {
  const rounds = measurements.get(system) ?? []
  return Object.fromEntries(
    row.metrics.map(({ name }) => [name, median(rounds.map((round) => round[name] ?? Number.NaN))]),
  )
}

function judge(budget: Budget, row: Row, measurements: Measurements): BudgetResult {
  const value = medians(row, measurements, budget.of ?? 'skein')[budget.metric] ?? Number.NaN
  if (budget.least !== undefined) {
    return {
      metric: budget.metric,
      relative: false,
      text: `${budget.text} >= ${budget.least}`,
      value,
      limit: budget.least,
      met: value >= budget.least,
    }
  }
  const { timesOf } = budget
  const limit =
    timesOf === undefined
      ? (budget.most ?? Number.NaN)
      : (medians(row, measurements, timesOf.system)[budget.metric] ?? Number.NaN) * timesOf.factor
  const text =
    timesOf === undefined
      ? `${budget.text} <= ${limit}`
      : `${budget.text} <= ${timesOf.factor} x ${timesOf.system}`
  return { metric: budget.metric, relative: timesOf !== undefined, text, value, limit, met: value <= limit }
}
