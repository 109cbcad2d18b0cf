import { describe, expect, it } from 'vitest'
import type { Row, Values } from '../rows/row.ts'
import { summarize } from './summary.ts'
import { table } from './table.ts'

const system = (name: string) => ({ name, label: name, start: () => Promise.reject(new Error()) })

const ROW: Row = {
  name: 'connect',
  title: 'Opening',
  main: 'cpu',
  metrics: [{ name: 'cpu', label: 'CPU, us', digits: 0 }],
  budgets: [
    { metric: 'cpu', text: 'CPU', most: 250 },
    { metric: 'cpu', text: 'CPU', timesOf: { system: 'peer', factor: 2 } },
    { metric: 'cpu', text: 'CPU', timesOf: { system: 'absent', factor: 2 } },
    { metric: 'cpu', of: 'absent', text: 'CPU', most: 1 },
    { metric: 'cpu', text: 'CPU', atLeastTimesOf: { system: 'peer', factor: 1.7 } },
  ],
  systems: [system('skein'), system('peer')],
  run: () => Promise.reject(new Error()),
}
const cpu = (...values: number[]): Values[] => values.map((value) => ({ cpu: value }))
const MEASURED = new Map([
  ['skein', cpu(200, 100, 300)],
  ['peer', cpu(100, 90, 120)],
])

describe('summarize', () => {
  const summary = summarize(ROW, MEASURED)
  const [, peer] = summary.systems

  it('compares medians, and the values of each round', () => {
    expect(peer).toMatchObject({ values: { cpu: 100 }, ratio: 0.5, rounds: 3, least: 90, most: 120 })
    expect(peer?.paired).toEqual({ cpu: 0.5 })
    expect(peer?.pairedSpread).toEqual([0.4, 0.9])
  })

  it('judges the budgets of the systems that were measured', () => {
    expect(summary.budgets.map(({ text, met }) => [text, met])).toEqual([
      ['CPU <= 250', true],
      ['CPU <= 2 x peer', true],
      ['CPU >= 1.7 x peer', true],
    ])
  })

  it('shows the ratios and their spread', () => {
    expect(table(summary)).toContain('median of 3 rounds, spread for cpu')
    expect(table(summary)).toMatch(/^ +peer +cpu 0\.500 \(0\.400 to 0\.900\)$/m)
  })
})
