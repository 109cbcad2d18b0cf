import { describe, expect, test } from 'vitest'
import { cleanName, isUserId, nameKey, searchKey } from './names.ts'

const people = ['👨‍👩‍👧 family', '🏴󠁧󠁢󠁥󠁮󠁧󠁿 Ann', '❤️', 'می‌خواهم', 'ශ්‍රී', 'क्‍ष', '葛󠄀城', 'O’Brien', 'Зоя']
const deceptive = [
  'a\u200bb',
  'a\u200db',
  'a\u200cb',
  'ad\u202emin',
  '\u3164',
  'a\u3164b',
  '\uffa0',
  '\u2800',
  'a\ufe0f',
  '\u200d',
  '\ud800',
]

describe('names', () => {
  test.each(people)('accept %s', (name) => {
    expect(cleanName(name)).toBe(name.normalize('NFC'))
    expect(isUserId(name)).toBe(encodeURIComponent(name).length <= 120)
  })

  test.each(deceptive)('reject %j', (name) => {
    expect(() => cleanName(name)).toThrow(/^bad_name/)
    expect(isUserId(name)).toBe(false)
  })

  test.each([
    ['Café', 'Cafe\u0301'],
    ['Straße', 'STRASSE'],
    ['ΟΔΟΣ', 'οδος'],
    ['ＡＢＣ', 'abc'],
  ])('%s and %s have equal keys', (one, other) => {
    expect(nameKey(one)).toBe(nameKey(other))
  })

  test('with and without accents have different keys and equal search keys', () => {
    expect(nameKey('café')).not.toBe(nameKey('cafe'))
    expect(searchKey('café')).toBe(searchKey('CAFE'))
  })
})
