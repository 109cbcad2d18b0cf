import { describe, expect, it } from 'vitest'
import { list, sentences, standings } from './standing.ts'
import type { RowSummary, SystemSummary } from './summary.ts'

const system = (name: string, cpu: number, more: Partial<SystemSummary> = {}): SystemSummary => ({
  name,
  label: name,
  values: { cpu },
  ratio: cpu,
  least: cpu - 1,
  most: cpu + 1,
  ...more,
})

const row = (systems: readonly SystemSummary[], main = 'cpu'): RowSummary => ({
  name: 'row',
  title: 'A row',
  main,
  metrics: [{ name: main, label: 'CPU, us', digits: 1 }],
  systems,
  budgets: [],
  at: '2026-11-21T14:50:00.000Z',
})

describe('standings', () => {
  it('sorts by the factor, and leaves out variants of Skein and systems without a value', () => {
    const { ahead, behind } = standings(
      row([
        system('skein', 10),
        system('skein-without-chat', 9),
        system('near', 8),
        system('far', 4),
        system('slow', 30),
        system('absent', Number.NaN),
      ]),
    )
    expect(ahead.map(({ label, factor }) => [label, factor])).toEqual([
      ['far', 2.5],
      ['near', 1.25],
    ])
    expect(behind).toMatchObject([{ label: 'slow', factor: 3 }])
  })

  it('takes more of a rate as better', () => {
    const rate = (name: string, value: number) => system(name, 0, { values: { rate: value } })
    const { ahead, behind } = standings(row([rate('skein', 10), rate('fast', 20), rate('slow', 5)], 'rate'))
    expect(ahead).toMatchObject([{ label: 'fast', factor: 2 }])
    expect(behind).toMatchObject([{ label: 'slow', factor: 2 }])
  })

  it('marks systems whose rounds overlap with those of Skein', () => {
    const { ahead } = standings(row([system('skein', 10), system('near', 9), system('far', 4)]))
    expect(list(ahead)).toBe('far 2.50 × · near 1.11 × (rounds overlap)')
  })

  it('compares Skein with a floor apart from the peers', () => {
    const text = sentences(
      row([system('skein', 10), system('slow', 30), system('floor', 8, { floor: true })]),
    )
    expect(text).toBe(
      'By the median of CPU, us, ahead of Skein: none. Behind Skein: slow 3.00 ×. Skein is 1.25 × the floor.',
    )
  })

  it('says nothing where nothing is compared', () => {
    expect(sentences(row([system('skein', 10), system('skein-protobuf', 11)]))).toBe('')
    expect(list([])).toBe('none')
  })
})
