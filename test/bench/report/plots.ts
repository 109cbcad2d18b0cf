/** The plots of docs/performance.md, by file name. */
import type { Curve } from '../curves/curves.ts'
import type { Results } from './results.ts'
import type { RowSummary } from './summary.ts'
import { bars, lines } from './svg.ts'

export function plots({ rows, curves }: Results): Map<string, string> {
  const all = new Map<string, string>()
  for (const { result } of Object.values(rows)) all.set(`${result.name}.svg`, barsOf(result))
  for (const { result } of Object.values(curves)) all.set(`curve-${result.name}.svg`, linesOf(result))
  return all
}

function barsOf(row: RowSummary): string {
  const metric = row.metrics.find(({ name }) => name === row.main)
  const limit = row.budgets.find(({ metric: of, relative }) => of === row.main && !relative)?.limit
  return bars({
    title: row.title,
    unit: metric?.label ?? row.main,
    digits: metric?.digits ?? 1,
    bars: row.systems.map(({ label, values, least, most, name, floor }) => ({
      label,
      value: values[row.main] ?? 0,
      least: least ?? 0,
      most: most ?? 0,
      color: floor === true ? 'floor' : name.startsWith('skein') ? 'ours' : 'others',
    })),
    ...(limit !== undefined && { limit }),
  })
}

function linesOf({ title, xLabel, points }: Curve): string {
  return lines({
    title,
    xLabel,
    yLabel: 'us of CPU',
    lines: [{ label: 'nodes, per delivery', points: points.map(({ x, cpu }) => [x, cpu]) }],
  })
}
