import { expect, test } from 'vitest'
import { globMatcher } from './glob.ts'

test.each([
  ['*', 'anything', true],
  ['room:*', 'room:a', true],
  ['room:*', 'news:a', false],
  ['r??m:*a', 'room:bba', true],
  ['a*b*c', 'aXbYc', true],
  ['a*b*c', 'aXbY', false],
  ['a', 'ab', false],
  ['', 'ab', true],
])('%j on %j: %s', (pattern, text, expected) => {
  expect(globMatcher(pattern)(text)).toBe(expected)
})

test('a pattern that provokes backtracking is matched quickly', () => {
  expect(globMatcher(`${'*a'.repeat(50)}b`)('a'.repeat(5000))).toBe(false)
})
