/** A row's summary as text for a terminal. */
import type { RowSummary } from './summary.ts'

export function table({ title, metrics, systems, budgets, main }: RowSummary): string {
  const head = ['', ...metrics.map(({ label }) => label), 'x Skein']
  const body = systems.map(({ label, values, ratio }) => [
    label,
    ...metrics.map(({ name, digits }) => number(values[name] ?? Number.NaN, digits)),
    number(ratio, 2),
  ])
  const spread = systems.map(({ label, least, most }) => `${label} ${number(least, 2)} to ${number(most, 2)}`)
  return [
    title,
    ...columns([head, ...body]),
    `  spread of ${main}: ${spread.join(' · ')}`,
    ...budgets.map(
      ({ text, value, limit, met }) =>
        `  ${met ? 'met    ' : 'NOT MET'} ${text}: ${number(value, 2)}${met ? '' : `, limit ${number(limit, 2)}`}`,
    ),
  ].join('\n')
}

/** `-` for what was not measured; JSON knows no NaN and says `null`. */
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
