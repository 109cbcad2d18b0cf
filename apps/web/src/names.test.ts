import { describe, expect, test } from 'vitest'
import { checkName, checkRoom, checkText } from '../public/demo/names.js'

describe('a name', () => {
  test.each([
    ['Ada', 'Ada'],
    ['  Ada  Lovelace ', 'Ada  Lovelace'],
    ['Çağla 🌱', 'Çağla 🌱'],
    ['e\u0301', 'é'],
    ['❤️', '❤️'],
    ['x'.repeat(32), 'x'.repeat(32)],
    ['🌱'.repeat(32), '🌱'.repeat(32)],
  ])('%j is taken as %j', (typed, value) => {
    expect(checkName(typed)).toEqual({ ok: true, value })
  })

  test.each([
    ['', /enter a name/],
    ['   ', /enter a name/],
    ['a\u0007b', /control/],
    ['a\tb', /control/],
    ['ada\u200b', /invisible/],
    ['\u202eada', /invisible/],
    ['\u3164', /invisible/],
    ['\u2800', /invisible/],
    ['a\ud800', /invisible/],
    ['\u00a0', /nothing to see/],
    ['x'.repeat(33), /longer than 32/],
  ])('%j is refused', (typed, problem) => {
    expect(checkName(typed)).toEqual({ ok: false, problem: expect.stringMatching(problem) })
  })
})

describe('a room', () => {
  test.each(['lobby', 'a', 'A-1_b', 'x'.repeat(64)])('%j is taken', (typed) => {
    expect(checkRoom(typed)).toEqual({ ok: true, value: typed })
  })

  test.each([
    ['', /enter a room/],
    ['x'.repeat(65), /longer than 64/],
    ['two words', /letters/],
    ['room:lobby', /letters/],
    ['café', /letters/],
    ['a\u0000', /letters/],
  ])('%j is refused', (typed, problem) => {
    expect(checkRoom(typed)).toEqual({ ok: false, problem: expect.stringMatching(problem) })
  })
})

describe('a message', () => {
  test('keeps its inner lines and loses its outer space', () => {
    expect(checkText('\n one\n\n two \n')).toEqual({ ok: true, value: 'one\n\n two' })
  })

  test('of nothing is refused without a word', () => {
    expect(checkText(' \n ')).toEqual({ ok: false, problem: '' })
  })

  test('beyond the limit is told by how much', () => {
    expect(checkText('x'.repeat(4003))).toEqual({
      ok: false,
      problem: 'The message is 3 characters too long.',
    })
  })
})
