/** The runs of the million so far: how many of them reached everything and lost nothing. */
import type { MillionReport } from '../million/million.ts'
import { markdown, when } from './markdown.ts'
import { number } from './table.ts'

export interface MillionRun {
  /** Absent for runs that were recorded later. */
  readonly at?: string
  readonly reached: number
  readonly seconds?: number
  /** It reached the goal within 600 s, and no connection and no message was lost. */
  readonly complete: boolean
  readonly note: string
}

const SECONDS = 600

export function runOf(at: string, report: MillionReport): MillionRun {
  const { wanted, reached, seconds, lost, broadcast, personal } = report
  const closed = [lost, broadcast.ended, personal.ended].flatMap((reasons) => Object.values(reasons))
  const connections = closed.reduce((sum, times) => sum + times, 0)
  const messages = broadcast.expected - broadcast.received + personal.expected - personal.received
  const problems = [
    reached < wanted ? `${number(wanted - reached, 0)} connections missing` : '',
    seconds > SECONDS ? `slower than ${SECONDS} s` : '',
    connections > 0 ? `${number(connections, 0)} connections lost` : '',
    messages > 0 ? `${number(messages, 0)} messages lost` : '',
  ].filter((problem) => problem !== '')
  return { at, reached, seconds, complete: problems.length === 0, note: problems.join(', ') || 'complete' }
}

/** A report that is written twice is one run. */
export function addRun(runs: readonly MillionRun[], run: MillionRun): readonly MillionRun[] {
  return [...runs.filter(({ at }) => at === undefined || at !== run.at), run]
}

export function millionRuns(runs: readonly MillionRun[]): string {
  const body = runs.map(({ at, reached, seconds, note }) => [
    at === undefined ? 'November 2026' : when(at),
    number(reached, 0),
    seconds === undefined ? '-' : number(seconds, 0),
    note,
  ])
  const complete = runs.filter((run) => run.complete).length
  return [
    markdown([['run', 'connections', 'seconds', 'result'], ...body]),
    '',
    `${complete} of ${runs.length} runs are complete.`,
  ].join('\n')
}
