import { expect, it } from 'vitest'
import { countRepeated, onceInAWhile } from './repeated.ts'

it('allows the first line of each kind, then one in ten seconds', () => {
  let now = 0
  const say = onceInAWhile(() => now)
  expect([say('a'), say('a'), say('b')]).toEqual([true, false, true])
  now = 9_999
  expect(say('a')).toBe(false)
  now = 10_000
  expect([say('a'), say('a')]).toEqual([true, false])
})

it('counts the lines that were left out', () => {
  let now = 0
  const due = countRepeated(() => now)
  expect([due('a'), due('a'), due('a'), due('b')]).toEqual([0, undefined, undefined, 0])
  now = 10_000
  expect([due('a'), due('b')]).toEqual([2, 0])
})
