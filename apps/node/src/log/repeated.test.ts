import { expect, it } from 'vitest'
import { onceInAWhile } from './repeated.ts'

it('allows the first line of each kind, then one in ten seconds', () => {
  let now = 0
  const say = onceInAWhile(() => now)
  expect([say('a'), say('a'), say('b')]).toEqual([true, false, true])
  now = 9_999
  expect(say('a')).toBe(false)
  now = 10_000
  expect([say('a'), say('a')]).toEqual([true, false])
})
