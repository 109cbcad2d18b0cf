import { expect, it } from 'vitest'
import type { MillionReport } from '../million/million.ts'
import { addRun, millionRuns, runOf } from './million-runs.ts'

const AT = '2026-11-21T14:55:01.000Z'

/** The parts that decide; the others are of no concern here. */
const report = (parts: Partial<MillionReport> & { readonly received?: number }): MillionReport =>
  ({
    wanted: 1000,
    reached: 1000,
    seconds: 500,
    lost: {},
    broadcast: { expected: 1000, received: parts.received ?? 1000, ended: {} },
    personal: { expected: 10, received: 10, ended: parts.ended === undefined ? {} : { 'close 3011': 3 } },
    ...parts,
  }) as MillionReport

it('a run that reached everything in time and lost nothing is complete', () => {
  expect(runOf(AT, report({}))).toMatchObject({ complete: true, note: 'complete' })
})

it.each([
  [report({ reached: 900 }), '100 connections missing'],
  [report({ seconds: 601 }), 'slower than 600 s'],
  [report({ lost: { 'close 3011': 4 } }), '4 connections lost'],
  [report({ ended: 'seeded' }), '3 connections lost'],
  [report({ received: 990 }), '10 messages lost'],
])('a run with a loss is not complete, and the reason is noted (%#)', (of, note) => {
  expect(runOf(AT, of)).toMatchObject({ complete: false, note })
})

it('counts complete runs, and a report that is written twice once', () => {
  const runs = addRun(addRun([], runOf(AT, report({}))), runOf(AT, report({})))
  expect(runs).toHaveLength(1)
  const all = addRun(runs, runOf('2026-11-22T10:00:00.000Z', report({ received: 0 })))
  expect(millionRuns(all)).toContain('| 2026-11-22 10:00 UTC | 1,000 | 500 | 1,000 messages lost |')
  expect(millionRuns(all)).toContain('1 of 2 runs are complete.')
})
