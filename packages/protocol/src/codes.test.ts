import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { jsonCodec } from './codecs.ts'
import { because, CLOSE, ERROR, type ErrorCode, reconnects, UNSUBSCRIBE } from './codes.ts'
import { VERBS } from './wire/requests.ts'

const page = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8')
const codesPage = readFileSync(new URL('../../../docs/reference/codes.md', import.meta.url), 'utf8')

/** The rows of the first table under a heading, without its head. */
function table(heading: string): string[][] {
  const section = codesPage.split(`## ${heading}\n`)[1]?.split('\n#')[0] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

describe('docs/reference/codes.md equals codes.ts', () => {
  test('errors', () => {
    const errors: ErrorCode[] = Object.values(ERROR)
    const rows = errors.map(({ code, message, temporary }) => [`${code}`, message, temporary ? 'yes' : 'no'])
    expect(table('Errors').map((row) => row.slice(0, 3))).toEqual(rows)
  })

  test('the behaviour of the SDK at subscribe errors', () => {
    const retried = Object.values(ERROR).filter((error: ErrorCode) => error.temporary || error.code === 109)
    const said = table('Errors').filter((row) => row[4]?.startsWith('tries again'))
    expect(said.map(([code]) => Number(code))).toEqual(retried.map(({ code }) => code))
  })

  test('unsubscribe codes', () => {
    const rows = Object.values(UNSUBSCRIBE).map(({ code, reason }) => [
      `${code}`,
      reason,
      code < 2500 ? 'unsubscribed' : 'subscribes again',
    ])
    expect(
      table('Unsubscribe codes').map(([code, reason, , sdk]) => [code, reason, sdk?.split(',')[0]]),
    ).toEqual(rows)
  })

  test('close codes', () => {
    const rows = Object.values(CLOSE).map(({ code, reason }) => [
      `${code}`,
      reason,
      reconnects(code) ? 'reconnects' : 'stays disconnected',
    ])
    expect(table('Close codes').map(([code, reason, , sdk]) => [code, reason, sdk])).toEqual(rows)
  })
})

describe('PROTOCOL.md', () => {
  test('has a row for every verb', () => {
    const rows = [...page.matchAll(/^\| `([a-z_]+)` \| .* \| .* \|$/gm)].map(([, verb]) => verb)
    expect(rows.slice(0, VERBS.length)).toEqual(VERBS)
  })
})

describe('examples of PROTOCOL.md', () => {
  const lines = [...page.matchAll(/^([CS]): (.+)$/gm)].map(([, from, line]) => ({ from, line: line ?? '' }))
  const bytes = (text: string) => new TextEncoder().encode(text)

  test.each(lines)('$from: $line', ({ from, line }) => {
    if (from === 'C') expect(jsonCodec.decodeCommands(bytes(line))).toMatchObject({ ok: true })
    else expect(written(line)).toBe(line)
  })

  test('exist', () => {
    expect(lines.length).toBeGreaterThan(20)
  })

  /** The line that a server writes for a message that a client reads. */
  function written(line: string): string {
    const decoded = jsonCodec.decodeReplies(bytes(line))
    const [message] = decoded.messages
    if (message === undefined) return decoded.ok ? '' : decoded.reason
    const again =
      message.kind === 'reply' ? jsonCodec.encodeReply(message.reply) : jsonCodec.encodePush(message.push)
    return new TextDecoder().decode(again)
  }
})

describe('codes', () => {
  test('are unique and ascending', () => {
    for (const codes of [ERROR, UNSUBSCRIBE, CLOSE]) {
      const numbers = Object.values<{ code: number }>(codes).map(({ code }) => code)
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b))
    }
  })

  test.each([
    [1000, true],
    [1009, false],
    [3499, true],
    [3500, false],
    [3999, false],
    [4000, true],
    [4499, true],
    [4500, false],
    [4999, false],
  ])('%i reconnects: %s', (code, expected) => {
    expect(reconnects(code)).toBe(expected)
  })

  test('a detail is cut to the size of a close frame, between characters', () => {
    expect(because(CLOSE.badRequest, 'x').reason).toBe('bad request: x')
    for (let length = 90; length < 130; length++) {
      const { reason } = because(CLOSE.badRequest, `${'x'.repeat(length - 30)}${'é😀'.repeat(10)}`)
      expect(bytesOf(reason)).toBeLessThanOrEqual(123)
      expect(reason).not.toContain('\ufffd')
    }
  })

  function bytesOf(text: string): number {
    return new TextEncoder().encode(text).length
  }
})
