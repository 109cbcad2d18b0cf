import { expect, test } from 'vitest'
import { replaceSelection } from './replace-selection.ts'

test.each([
  ['at the caret', 'ab', 1, 1, { text: 'a😀b', caret: 3 }],
  ['over a selection', 'hello', 1, 4, { text: 'h😀o', caret: 3 }],
  ['at the end', 'ab', 2, 2, { text: 'ab😀', caret: 4 }],
])('inserts %s', (_, text, start, end, replaced) => {
  expect(replaceSelection(text, start, end, '😀')).toEqual(replaced)
})
