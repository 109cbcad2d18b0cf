/**
 * The generated parts of docs/performance.md and of the pages under docs/performance/, each between marks of
 * its own.
 */
import type { Curve } from '../curves/curves.ts'
import type { Delivery } from '../million/deliveries.ts'
import type { MillionReport } from '../million/million.ts'
import { delivered } from '../million/words.ts'
import { markdown, when } from './markdown.ts'
import { millionRuns } from './million-runs.ts'
import type { Of, Results } from './results.ts'
import { list, sentences, standings } from './standing.ts'
import type { RowSummary } from './summary.ts'
import { number } from './table.ts'

/** By name of its marks. */
export function sections(results: Results): Map<string, string> {
  const all = new Map<string, string>()
  for (const [name, row] of Object.entries(results.rows)) all.set(`row ${name}`, rowSection(row))
  for (const [name, curve] of Object.entries(results.curves)) all.set(`curve ${name}`, curveSection(curve))
  if (results.million !== undefined) all.set('million', millionSection(results.million))
  if (results.millionRuns !== undefined) all.set('million runs', millionRuns(results.millionRuns))
  all.set('budgets', budgets(results))
  all.set('overview', overview(results))
  return all
}

function rowSection(measured: Of<RowSummary>): string {
  const { result: row } = measured
  const head = ['', ...row.metrics.map(({ label }) => label), '× Skein']
  const body = row.systems.map(({ label, values, ratio }) => [
    label,
    ...row.metrics.map(({ name, digits }) => number(values[name], digits)),
    number(ratio, 2),
  ])
  const main = row.metrics.find(({ name }) => name === row.main)
  const spread = row.systems.map(
    ({ label, least, most }) =>
      `${label} ${number(least, main?.digits ?? 2)} to ${number(most, main?.digits ?? 2)}`,
  )
  return [
    `![${row.title}](${row.name}.svg)`,
    '',
    `${row.title}.`,
    '',
    markdown([head, ...body]),
    '',
    ...paragraph(sentences(row)),
    `Spread of ${main?.label ?? row.main}: ${spread.join(' · ')}. ${origin(measured)}`,
  ].join('\n')
}

const paragraph = (text: string): string[] => (text === '' ? [] : [text, ''])

/** One line for each row that has peers: Skein's median, and the systems on either side of it. */
function overview({ rows }: Results): string {
  const head = ['row', 'metric', 'Skein', 'ahead of Skein', 'behind Skein', 'floor']
  const body = Object.values(rows).flatMap(({ result: row }) => {
    const { ahead, behind, floors } = standings(row)
    if (ahead.length + behind.length === 0) return []
    const metric = row.metrics.find(({ name }) => name === row.main)
    const digits = metric?.digits ?? 2
    const own = row.systems.find(({ name }) => name === 'skein')?.values[row.main]
    const least = floors.map(({ value }) => number(value, digits)).join(' and ')
    return [[row.name, metric?.label ?? row.main, number(own, digits), list(ahead), list(behind), least]]
  })
  return markdown([head, ...body])
}

function curveSection(measured: Of<Curve>): string {
  const { name, title, xLabel, points } = measured.result
  const head = [
    xLabel,
    'nodes',
    'CPU per delivered message, us',
    'p99, ms',
    'Redis operations per publish',
    'Redis’s CPU per publish, us',
    'Redis operations per connection opened',
    'Redis operations a second and node, idle',
    'lost',
  ]
  const body = points.map((point) => [
    number(point.x, 0),
    number(point.nodes, 0),
    number(point.cpu, 2),
    number(point.p99, 1),
    number(point.redisOperations, 2),
    number(point.redisCpu, 1),
    number(point.openOperations, 1),
    number(point.idleOperations, 1),
    number(point.lost, 0),
  ])
  const table = markdown([head, ...body])
  return [`![${title}](curve-${name}.svg)`, '', `${title}.`, '', table, '', origin(measured)].join('\n')
}

function millionSection(measured: Of<MillionReport>): string {
  const { result: report } = measured
  const { memory, reached } = report
  const part = (name: string, bytes: number): string[] => [
    name,
    number(bytes / 1e9, 2),
    number(bytes / reached / 1024, 2),
  ]
  const total = memory.nodes + memory.redis + memory.kernel + memory.clients
  return [
    `**${number(reached, 0)} of ${number(report.wanted, 0)} connections in ${number(report.seconds, 0)} s**` +
      `${report.ended === undefined ? '' : `, ended by ${report.ended}`}, on ${report.nodes} nodes and as many load processes, ` +
      `${report.atOnce} pairs at a time with ${report.inFlight} connections in flight each. Failed to connect: ${counts(report.failed)}; ` +
      `lost until the broadcast: ${counts(report.lost)}.`,
    '',
    markdown([
      ['memory', 'GB', 'KB per connection'],
      part('nodes', memory.nodes),
      part('Redis', memory.redis),
      part('kernel (sockets)', memory.kernel),
      part('clients', memory.clients),
      part('together', total),
    ]),
    '',
    `An empty node has ${number(report.base.node / 1e6, 0)} MB, an empty load process ${number(report.base.client / 1e6, 0)} MB, ` +
      `and a pair of them costs ${number(report.startCpu, 1)} s of CPU to start.`,
    '',
    markdown([
      ['CPU', 'nodes', 'Redis', 'clients'],
      ['to open one connection, us', ...parts(report.cpu, 0)],
      ['everybody idle, cores', ...parts(report.idleCpu, 2)],
    ]),
    '',
    ...deliveries(report),
    '',
    origin(measured),
  ].join('\n')
}

function deliveries({ broadcast, personal }: MillionReport): string[] {
  const line = (what: string, delivery: Delivery): string =>
    `- ${what}: ${delivered(delivery)}; lost ${number(delivery.expected - delivery.received, 0)}.`
  return [line('A broadcast to everybody', broadcast), line('Messages to single users', personal)]
}

const parts = (by: { nodes: number; redis: number; clients: number }, digits: number): string[] =>
  [by.nodes, by.redis, by.clients].map((value) => number(value, digits))

function counts(by: Readonly<Record<string, number>>): string {
  const all = Object.entries(by).map(([why, times]) => `${number(times, 0)} (${why})`)
  return all.length === 0 ? 'none' : all.join(', ')
}

/** All budgets, in the order of the rows. */
function budgets({ rows, million }: Results): string {
  const head = ['row', 'budget', 'measured', 'limit', '']
  const body = Object.values(rows).flatMap(({ result }) =>
    result.budgets.map(({ text, value, limit, met }) => [
      result.name,
      text,
      number(value, 2),
      number(limit, 2),
      met ? 'met' : `**not met**: ${number(value / limit, 2)} × the limit`,
    ]),
  )
  return markdown([head, ...body, ...(million === undefined ? [] : millionBudgets(million.result))])
}

function millionBudgets({ reached, wanted, seconds, broadcast, personal }: MillionReport): string[][] {
  const met = reached >= wanted && seconds <= 600
  const lost = broadcast.expected - broadcast.received + personal.expected - personal.received
  return [
    [
      'million',
      `${number(wanted, 0)} connections in 600 s`,
      `${number(reached, 0)} in ${number(seconds, 0)} s`,
      number(wanted, 0),
      met ? 'met' : `**not met**: ${number(reached / wanted, 2)} × the goal`,
    ],
    ['million', 'messages lost <= 0', number(lost, 0), '0', lost === 0 ? 'met' : '**not met**'],
  ]
}

function origin({ at, machine, command }: Of<unknown>): string {
  return (
    `Measured ${when(at)} by \`${command}\` on ${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.kernel}, ` +
    `Node ${machine.node}; load of the machine when the run ended: ${number(machine.load, 1)}.`
  )
}
