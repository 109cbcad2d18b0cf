/** `node test/chaos/table.ts FILE`: what `--json FILE` wrote, as the table of docs/design/reliability.md. */
import { readFileSync } from 'node:fs'
import type { Verdict } from '@skein/testkit'
import type { Figure, Outcome } from './outcome.ts'

const COLUMNS: readonly (readonly [string, (verdict: Verdict) => number])[] = [
  ['published', (verdict) => verdict.published],
  ['acknowledged', (verdict) => verdict.acknowledged],
  ['delivered', (verdict) => verdict.delivered],
  ['lost', (verdict) => verdict.found.lost],
  ['duplicated', (verdict) => verdict.found.duplicated],
  ['out of order', (verdict) => verdict.found.disordered],
  ['unnotified', (verdict) => verdict.found.unnotified],
  ['notified', (verdict) => verdict.notified],
  ['forfeited', (verdict) => verdict.forfeited],
]

type Ran = Extract<Outcome, { state: 'ran' }>

/**
 * A row for each scenario: counts are sums of its runs, times are the worst. Runs without a result are
 * listed.
 */
export function table(outcomes: readonly Outcome[]): string {
  const names = [...COLUMNS.map(([name]) => name), 'heals, ms', 'further']
  const head = [`| scenario | runs | ${names.join(' | ')} |`, `|${'---|'.repeat(names.length + 2)}`]
  const rows = [...Map.groupBy(outcomes, ({ scenario }) => scenario)].map(([name, runs]) => row(name, runs))
  return [...head, ...rows].join('\n')
}

function row(name: string, outcomes: readonly Outcome[]): string {
  const runs = outcomes.filter((outcome): outcome is Ran => outcome.state === 'ran')
  const others = outcomes.filter(({ state }) => state !== 'ran').map(({ state }) => state)
  const counts = COLUMNS.map(([, of]) => runs.reduce((sum, { verdict }) => sum + of(verdict), 0))
  const worst = (of: (verdict: Verdict) => number): number =>
    Math.max(0, ...runs.map(({ verdict }) => of(verdict)))
  const further = [
    `longest without connection ${worst(({ longestAbsence }) => longestAbsence)} ms`,
    ...figures(runs.flatMap((run) => run.figures)),
    ...others,
  ]
  const cells = [`\`${name}\``, runs.length, ...counts, worst(({ healed }) => healed), further.join('; ')]
  return `| ${cells.join(' | ')} |`
}

function figures(all: readonly Figure[]): string[] {
  return [...Map.groupBy(all, ({ name }) => name)].map(([name, some]) =>
    `${name} ${Math.max(...some.map(({ value }) => value))} ${some[0]?.unit ?? ''}`.trim(),
  )
}

if (import.meta.main) {
  const { outcomes } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as { outcomes: Outcome[] }
  console.log(table(outcomes))
}
