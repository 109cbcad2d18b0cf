/** A row's summary as text for a terminal. */
import type { RowSummary, SystemSummary } from './summary.ts'

type Metrics = RowSummary['metrics']

export function table({ title, metrics, systems, budgets, main }: RowSummary): string {
  const head = ['', ...metrics.map(({ label }) => label), 'x Skein']
  const body = systems.map(({ label, values, ratio }) => [
    label,
    ...metrics.map(({ name, digits }) => number(values[name] ?? Number.NaN, digits)),
    number(ratio, 2),
  ])
  const spread = systems.map(({ name, least, most }) => `${name} ${number(least, 2)} to ${number(most, 2)}`)
  const rounds = systems[0]?.rounds ?? 0
  return [
    title,
    ...columns([head, ...body]),
    `  spread of ${main}: ${spread.join(' · ')}`,
    `  ratios to Skein in the same round, median of ${rounds} rounds, spread for ${main}:`,
    ...columns(systems.map((system) => ratios(system, metrics, main))),
    ...budgets.map(
      ({ text, value, limit, met }) =>
        `  ${met ? 'met    ' : 'NOT MET'} ${text}: ${number(value, 2)}${met ? '' : `, limit ${number(limit, 2)}`}`,
    ),
  ].join('\n')
}

function ratios(
  { name, paired = {}, pairedSpread }: SystemSummary,
  metrics: Metrics,
  main: string,
): string[] {
  const spread = (pairedSpread ?? []).map((ratio) => number(ratio, 3)).join(' to ')
  return [
    `  ${name}`,
    ...metrics.map((metric) => {
      const ratio = `${metric.name} ${number(paired[metric.name], 3)}`
      return metric.name === main ? `${ratio} (${spread})` : ratio
    }),
  ]
}

/** `-` for a missing value; JSON has no NaN and holds `null`. */
export function number(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '-'
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)))
  return rows.map(
    (row) =>
      `  ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('   ')}`,
  )
}
