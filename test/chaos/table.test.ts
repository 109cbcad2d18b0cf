import { Checker } from '@skein/testkit'
import { expect, test } from 'vitest'
import type { Outcome } from './outcome.ts'
import { table } from './table.ts'

test('sums counts, takes the worst times, and lists runs without a result', () => {
  const ran = (seed: number, published: number, healed: number): Outcome => ({
    scenario: 'storm',
    seed,
    state: 'ran',
    verdict: { ...new Checker().verdict(), published, healed },
    figures: [{ name: 'everybody is back', value: healed * 2, unit: 'ms', bound: 60_000 }],
    failures: [],
  })
  const skipped: Outcome = { scenario: 'clock-step', seed: 1, state: 'skipped', reason: 'no clock' }
  expect(
    table([ran(1, 10, 300), ran(2, 20, 100), skipped])
      .split('\n')
      .slice(2),
  ).toEqual([
    '| `storm` | 2 | 30 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 300 | longest without connection 0 ms; everybody is back 600 ms |',
    '| `clock-step` | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | longest without connection 0 ms; skipped |',
  ])
})
