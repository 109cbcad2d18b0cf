import { expect, test } from 'vitest'
import { isComposing } from './composition.ts'

test.each([
  ['during a composition', { isComposing: true, keyCode: 13 }, true],
  ['that ends a composition in Safari', { isComposing: false, keyCode: 229 }, true],
  ['without an input method', { isComposing: false, keyCode: 13 }, false],
])('Enter %s', (_, event, composing) => {
  expect(isComposing(event)).toBe(composing)
})
