import { expect, test } from 'vitest'
import { isVisible } from './visible.ts'

test.each([
  '',
  ' ',
  '\t\n',
  '\u200b',
  '\u200d\u200c',
  '\u3164',
  '\uffa0',
  '\u115f\u1160',
  '\u2800',
  '\ufe0f',
  '\u00ad',
  '\u{e0020}',
])('%j is not visible', (text) => {
  expect(isVisible(text)).toBe(false)
})

test.each(['a', '.', '👨‍👩‍👧', 'می\u200cخواهم', '⠁', '한'])('%j is visible', (text) => {
  expect(isVisible(text)).toBe(true)
})
