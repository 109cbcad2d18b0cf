import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CommandIds } from './command-ids.ts'

test('a repeated id is detected, a swapped one passes', () => {
  const ids = new CommandIds()
  const seen = [1, 3, 2, 3, 4, 4, 36, 4, 5, 36, 40, 39, 39].map((id) => ids.repeated(id))
  expect(seen).toEqual([
    false,
    false,
    false,
    true,
    false,
    true,
    false,
    false,
    false,
    true,
    false,
    false,
    true,
  ])
})

test('agrees with a set of all ids, within its window', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 })), (all) => {
      const ids = new CommandIds()
      const used = new Set<number>()
      let highest = 0
      for (const id of all) {
        const inWindow = id > highest - 32
        expect(ids.repeated(id)).toBe(inWindow && used.has(id))
        if (inWindow) used.add(id)
        highest = Math.max(highest, id)
      }
    }),
  )
})
