import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonText } from '../testing/arbitraries.ts'
import { isJson } from './is-json.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('isJson agrees with JSON.parse', () => {
  const numbers = ['0', '-0', '1e3', '1E+3', '1e-3', '0.5', '-1.25e400', '9007199254740993', '10']
  const noNumbers = ['01', '-', '+1', '1.', '.5', '1e', '1e+', '--1', '0x1', '1_0', 'NaN', 'Infinity', '-a']
  const strings = ['""', '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\uD800\\u00fF"', '"\u2028\u007fé😀"']
  const noStrings = ['"', '"\\', '"\\"', '"\\x"', '"\\u12g4"', '"\\u123', '"\t"', '"\n"', '"\0"', "'a'"]
  const words = ['true', 'false', 'null']
  const noWords = ['tru', 'truex', 'True', 'nul', 'falsé', 'undefined', 'true false']
  const nested = ['[]', '{}', '[[],{}]', '{"a":{"b":[]},"a":1}', ' [ 1 ,\t2 ] ', '\r\n{ "a" : 1 }\n']
  const noNested = [
    '[',
    '{',
    '[1',
    '[1,',
    '[1,]',
    '[,1]',
    '[1 2]',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{a:1}',
    '{1:1}',
  ]
  const mixed = ['[}', '{]', '[{]}', ']', '}', '{}}', '[]]', '{"a":1]', '[1}', '{"a" 1}', '{"a":1 "b":2}']
  const spaces = ['', ' ', '\u00a01', '\ufeff1', '1\v', '\f1']

  test.each([...numbers, ...strings, ...words, ...nested])('%j is JSON', (text) => {
    expect(parses(text)).toBe(true)
    expect(isJson(bytes(text))).toBe(true)
  })

  test.each([...noNumbers, ...noStrings, ...noWords, ...noNested, ...mixed, ...spaces])(
    '%j is none',
    (text) => {
      expect(parses(text)).toBe(false)
      expect(isJson(bytes(text))).toBe(false)
    },
  )

  test('on random sequences of JSON tokens', () => {
    const parts = fc.constantFrom(
      ...'{}[],:"\\ue0.1-+Etfn \n\ta',
      'true',
      'false',
      'null',
      '"a"',
      '"a":',
      '\\u00',
    )
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (text) => {
        expect(isJson(bytes(text.join('')))).toBe(parses(text.join('')))
      }),
      { numRuns: 20_000 },
    )
  })

  test('on JSON with one character changed', () => {
    const character = fc.constantFrom(...'{}[],:"\\ue0.1-+ \n', '\0', 'é')
    fc.assert(
      fc.property(jsonText, fc.nat(), character, (valid, place, c) => {
        const at = place % valid.length
        expect(isJson(bytes(valid))).toBe(true)
        const changed = valid.slice(0, at) + c + valid.slice(at + 1)
        expect(isJson(bytes(changed))).toBe(parses(changed))
      }),
      { numRuns: 5000 },
    )
  })
})
