/**
 * `node test/bench/report/page.ts FILE.json…`: writes the tables of docs/performance.md between its marks, and the plots beside
 * it. What stands between the marks is nobody's to edit: measured numbers come from a run of the bench.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Machine } from '../measure/machine.ts'
import type { RowSummary } from './summary.ts'
import { bars } from './svg.ts'
import { number } from './table.ts'

const PAGE = fileURLToPath(new URL('../../../docs/performance.md', import.meta.url))
const PLOTS = fileURLToPath(new URL('../../../docs/performance/', import.meta.url))

interface Run {
  readonly at: string
  readonly machine: Machine
  readonly rows?: readonly RowSummary[]
}

for (const file of process.argv.slice(2)) {
  const run = JSON.parse(readFileSync(file, 'utf8')) as Run
  for (const row of run.rows ?? []) put(`row ${row.name}`, section(row, run.machine))
  if (run.rows !== undefined && run.rows.length > 5) put('budgets', budgets(run.rows))
}

function put(name: string, content: string): void {
  const page = readFileSync(PAGE, 'utf8')
  const [from, to] = [`<!-- ${name} -->`, `<!-- end ${name} -->`]
  const [start, end] = [page.indexOf(from), page.indexOf(to)]
  if (start < 0 || end < start) throw new Error(`docs/performance.md has no place for ${name}`)
  writeFileSync(PAGE, `${page.slice(0, start + from.length)}\n${content}\n${page.slice(end)}`)
}

function section(row: RowSummary, { load, cores }: Machine): string {
  mkdirSync(PLOTS, { recursive: true })
  writeFileSync(`${PLOTS}${row.name}.svg`, plot(row))
  const head = ['', ...row.metrics.map(({ label }) => label), '× Skein']
  const body = row.systems.map(({ label, values, ratio }) => [
    label,
    ...row.metrics.map(({ name, digits }) => number(values[name] ?? Number.NaN, digits)),
    number(ratio, 2),
  ])
  return [
    `![${row.title}](performance/${row.name}.svg)`,
    '',
    ...markdown([head, ...body]),
    '',
    `Measured ${row.at.slice(0, 16).replace('T', ' ')} UTC, ${cores} cores, load ${number(load, 1)} when the run ended.`,
  ].join('\n')
}

function plot(row: RowSummary): string {
  const metric = row.metrics.find(({ name }) => name === row.main)
  const limit = row.budgets.find(({ text }) => !text.includes(' x '))?.limit
  return bars({
    title: row.title,
    unit: metric?.label ?? row.main,
    digits: metric?.digits ?? 1,
    bars: row.systems.map(({ label, values, least, most, name }) => ({
      label,
      value: values[row.main] ?? 0,
      least,
      most,
      ours: name.startsWith('skein'),
    })),
    ...(limit !== undefined && { limit }),
  })
}

function budgets(rows: readonly RowSummary[]): string {
  const head = ['row', 'budget', 'measured', 'limit', '']
  const body = rows.flatMap(({ name, budgets: all }) =>
    all.map(({ text, value, limit, met }) => [
      name,
      text,
      number(value, 2),
      number(limit, 2),
      met ? 'met' : `**not met**: ${number(value / limit, 2)} × the limit`,
    ]),
  )
  return markdown([head, ...body]).join('\n')
}

function markdown(rows: readonly (readonly string[])[]): string[] {
  const [head = [], ...body] = rows
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...body.map(line)]
}
