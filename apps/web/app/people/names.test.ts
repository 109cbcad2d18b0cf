import { describe, expect, test } from 'vitest'
import { checkName } from './names.ts'

describe('a name', () => {
  test.each([
    ['Ada', 'Ada'],
    ['  Ada  Lovelace ', 'Ada  Lovelace'],
    ['Çağla 🌱', 'Çağla 🌱'],
    ['e\u0301', 'é'],
    ['❤️', '❤️'],
    ['👨‍👩‍👧', '👨‍👩‍👧'],
    ['می‌خواهم', 'می‌خواهم'],
    ['ශ්‍රී', 'ශ්‍රී'],
    ['葛󠄀城', '葛󠄀城'],
    ['x'.repeat(32), 'x'.repeat(32)],
    ['🌱'.repeat(32), '🌱'.repeat(32)],
  ])('%j is taken as %j', (typed, value) => {
    expect(checkName(typed)).toEqual({ ok: true, value })
  })

  test.each([
    ['', 'signIn.empty'],
    ['   ', 'signIn.empty'],
    ['a\u0007b', 'signIn.invisible'],
    ['a\tb', 'signIn.invisible'],
    ['ada\u200b', 'signIn.invisible'],
    ['\u202eada', 'signIn.invisible'],
    ['a\u200db', 'signIn.invisible'],
    ['a\ufe0f', 'signIn.invisible'],
    ['\u3164', 'signIn.invisible'],
    ['\u2800', 'signIn.invisible'],
    ['a\ud800', 'signIn.invisible'],
    ['\u00a0', 'signIn.nothing'],
    ['x'.repeat(33), 'signIn.long'],
  ])('%j is refused', (typed, problem) => {
    expect(checkName(typed)).toEqual({ ok: false, problem })
  })
})
