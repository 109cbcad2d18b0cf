import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { array, object, parseExactly, unlessZero } from './json.ts'

describe('object and array', () => {
  it('join JSON text', () => {
    const written = object({ a: '1', 'b"': array(['"x"', object({})]), c: undefined, d: unlessZero(0) })
    expect(written).toBe('{"a":1,"b\\"":["x",{}]}')
  })
})

describe('parseExactly', () => {
  it.each([
    '{"n":12345678901234567890}',
    '[1e400,-0.1234567890123456789]',
    '{"a":{"b":[9007199254740993]}}',
    '"1234567890123456789"',
    '{"__proto__":{"n":9007199254740993}}',
  ])('%s keeps its text', (text) => {
    expect(JSON.stringify(parseExactly(text))).toBe(text)
  })

  it('equals JSON.parse for other text', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseExactly(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it('returns whole numbers as numbers in any notation', () => {
    expect(parseExactly('{"limit":1e3,"id":9007199254740993}')).toMatchObject({ limit: 1000 })
  })
})
