import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quoted } from './quote.ts'

test.each(['', 'room:1', '"', '\\', '\n', '\u001f', '\u007f', '\u2028', 'é', '😀', '\ud800', 'a\udc00b'])(
  '%j is quoted as JSON.stringify does',
  (text) => {
    expect(quoted(text)).toBe(JSON.stringify(text))
  },
)

test('any string is quoted as JSON.stringify does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(quoted(text)).toBe(JSON.stringify(text))
    }),
  )
})
