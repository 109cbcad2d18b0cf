/** The report on a terminal. */
import { FINDINGS } from '@skein/testkit'
import { failed, type Outcome } from './outcome.ts'

export function report(outcome: Outcome): string {
  const title = `${failed(outcome) ? 'FAILED' : outcome.state === 'skipped' ? 'skipped' : 'ok'}  ${outcome.scenario}  (seed ${outcome.seed})`
  if (outcome.state !== 'ran') return `${title}\n    ${outcome.state}: ${outcome.reason}`
  const { verdict, figures, failures } = outcome
  const { lost, duplicated, disordered, unnotified } = verdict.found
  const rows: (readonly [string, string])[] = [
    ['published', `${verdict.published}`],
    ['acknowledged', `${verdict.acknowledged}`],
    ['delivered', `${verdict.delivered}`],
    ['lost', `${lost}`],
    ['duplicated', `${duplicated}`],
    ['out of order', `${disordered}`],
    ['unnotified', `${unnotified}`],
    ['notified', `${verdict.notified}`],
    ['forfeited by Redis', `${verdict.forfeited}`],
    ['refused tries', `${verdict.refused}`],
    ['longest time to heal', `${verdict.healed} ms`],
    ['slowest delivery', `${verdict.slowest} ms`],
    ['without connection', `p99 ${verdict.p99Absence} ms, longest ${verdict.longestAbsence} ms`],
    ...figures.map(({ name, value, unit, bound }) => {
      const promise = bound === undefined ? '' : ` (promised: ${bound})`
      return [name, `${value} ${unit}${promise}`] as const
    }),
  ]
  const lines = rows.map(([name, value]) => `    ${name.padEnd(32)}${value}`)
  return [title, ...lines, ...failures.map((failure) => `    ! ${failure}`)].join('\n')
}

/** One line for each run. */
export function summary(outcomes: readonly Outcome[]): string {
  const bad = outcomes.filter(failed)
  const skipped = outcomes.filter(({ state }) => state === 'skipped').length
  const ran = `${outcomes.length - skipped} runs, ${bad.length} failed, ${skipped} skipped`
  return [ran, ...bad.map(({ scenario, seed }) => `  FAILED ${scenario} (seed ${seed})`)].join('\n')
}

/** For `--json`: outcomes with sums on top. */
export function asJson(outcomes: readonly Outcome[]): string {
  const ok = !outcomes.some(failed)
  return `${JSON.stringify({ ok, findings: FINDINGS, outcomes }, undefined, 2)}\n`
}
