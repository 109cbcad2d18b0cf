import { describe, expect, test } from 'vitest'
import { CHAT_LIMITS } from '../limits.ts'
import { cleanBody, cleanEmoji } from './body.ts'

describe('a body', () => {
  test.each(['\u200b', '\u3164', '\u2800 \n', '\ufe0f'])('%j is empty', (body) => {
    expect(() => cleanBody(body, CHAT_LIMITS)).toThrow(/^empty/)
  })
})

describe('an emoji', () => {
  test.each([
    ['❤', '❤️'],
    ['❤\ufe0e', '❤️'],
    ['👍\ufe0f', '👍'],
    ['👍', '👍'],
    ['👍🏽', '👍🏽'],
    ['1⃣', '1️⃣'],
    ['🏳\u200d🌈', '🏳️\u200d🌈'],
    ['🕵\u200d♂', '🕵️\u200d♂️'],
    ['☝🏽', '☝🏽'],
    ['👩\u200d❤\u200d👨', '👩\u200d❤️\u200d👨'],
    ['🇩🇪', '🇩🇪'],
  ])('%j is stored as %j', (emoji, stored) => {
    expect(cleanEmoji(emoji)).toBe(stored)
  })

  test.each(['', 'x', '1', '#', '👍👍', '\ufe0f', '❤️x', '\u200d'])('%j is rejected', (emoji) => {
    expect(() => cleanEmoji(emoji)).toThrow(/^bad_emoji/)
  })
})
