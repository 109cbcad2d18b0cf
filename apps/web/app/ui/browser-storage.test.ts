import { expect, test } from 'vitest'
import { guarded } from './browser-storage.ts'

const fail = (): never => {
  throw new DOMException('blocked', 'SecurityError')
}

test.each([
  ['access', fail],
  ['reads and writes', () => ({ getItem: fail, setItem: fail, removeItem: fail })],
  ['writes', () => ({ getItem: () => null, setItem: fail, removeItem: fail })],
])('texts live in memory when %s throw', (_, open) => {
  const texts = guarded(open)
  expect(texts.get('a')).toBeNull()
  texts.set('a', 'x')
  expect(texts.get('a')).toBe('x')
  texts.set('a', null)
  expect(texts.get('a')).toBeNull()
})
