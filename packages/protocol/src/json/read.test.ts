/** The readers' results for values that JSON can write in several ways. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonCodec } from '../codecs.ts'
import { jsonText } from '../testing/arbitraries.ts'

const decode = (line: string) => jsonCodec.decodeCommands(new TextEncoder().encode(line))
const history = (fields: string) => decode(`{"id":1,"history":{"channel":"c",${fields}}}`)
const publish = (fields: string) => decode(`{"id":1,"publish":{${fields}}}`)

describe('integers', () => {
  test.each([
    ['7', 7],
    ['1e3', 1000],
    ['10.0', 10],
    ['-0', undefined],
    ['0', undefined],
    ['0e5', undefined],
    ['-12', -12],
    ['2147483647', 2_147_483_647],
    ['0.00000000000000002e17', 2],
  ])('%s', (written, limit) => {
    const request = { channel: 'c', ...(limit !== undefined && { limit }) }
    expect(history(`"limit":${written}`)).toEqual({
      ok: true,
      commands: [{ id: 1, verb: 'history', request }],
    })
  })

  test.each(['1.5', '1e10', '1e400', '-2147483649', '"7"', 'true', '[7]', '{}', '99999999999999999999'])(
    'reject %s',
    (written) => {
      expect(history(`"limit":${written}`)).toMatchObject({
        ok: false,
        reason: 'command 1: limit must be a 32-bit integer',
      })
    },
  )

  test('of 15, 16 and 17 digits are exact', () => {
    for (const offset of [999_999_999_999_999, 1_000_000_000_000_001, Number.MAX_SAFE_INTEGER]) {
      const decoded = history(`"since":{"offset":${offset},"epoch":"e"}`)
      expect(decoded).toMatchObject({ commands: [{ request: { since: { offset } } }] })
    }
    expect(history('"since":{"offset":10000000000000000}').ok).toBe(false)
  })
})

describe('strings', () => {
  test('of any length, with and without escapes, equal those of JSON.parse', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
        fc.boolean(),
        (channel, all) => {
          const escaped = (c: string) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`
          const written = all ? `"${channel.replaceAll(/./gs, escaped)}"` : JSON.stringify(channel)
          expect(publish(`"channel":${written}`)).toEqual({
            ok: true,
            commands: [{ id: 1, verb: 'publish', request: { channel } }],
          })
        },
      ),
    )
  })

  test.each(['5', 'true', '[]', '{}'])('%s is none', (written) => {
    const reason = 'command 1: channel must be a string'
    expect(publish(`"channel":${written}`)).toMatchObject({ ok: false, reason })
  })
})

describe('members', () => {
  test('may have white space around them, and data keep their inner white space', () => {
    const line = '\t{ "id" :\r 1 , "publish"\t: { "data" : [ 1 ,\t2 ] , "channel" : "c" } } '
    expect(decode(line)).toEqual({
      ok: true,
      commands: [{ id: 1, verb: 'publish', request: { channel: 'c', data: '[ 1 ,\t2 ]' } }],
    })
  })

  test('that occur twice have their last value', () => {
    expect(publish('"channel":5,"data":1,"channel":"a","data":null')).toMatchObject({
      commands: [{ request: { channel: 'a', data: 'null' } }],
    })
    expect(publish('"channel":"a","channel":null')).toMatchObject({
      commands: [{ request: { channel: '' } }],
    })
    expect(publish('"channel":"a","ch\\u0061nnel":"b"')).toMatchObject({
      commands: [{ request: { channel: 'b' } }],
    })
    expect(decode('{"id":1,"connect":{},"ping":{},"connect":null}')).toMatchObject({
      commands: [{ id: 1, verb: 'ping' }],
    })
    expect(decode('{"id":1,"connect":{"headers":{"a":1,"a":"b"}}}')).toMatchObject({
      commands: [{ request: { headers: { a: 'b' } } }],
    })
  })

  test('that are unknown are skipped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), jsonText, jsonText, (key, unknown, data) => {
        const member = `${JSON.stringify(`?${key}`)}:${unknown}`
        expect(
          decode(`{${member},"id":1,"publish":{${member},"data":${data},"channel":"c",${member}}}`),
        ).toEqual({
          ok: true,
          commands: [{ id: 1, verb: 'publish', request: { channel: 'c', data } }],
        })
      }),
    )
  })
})

describe('lines', () => {
  test('may hold any characters', () => {
    const lines = ['é😀', 'a', '\u2028'].map(
      (channel, i) => `{"id":${i + 1},"unsubscribe":{"channel":"${channel}"}}`,
    )
    expect(decode(lines.join('\n')).commands).toMatchObject([
      { request: { channel: 'é😀' } },
      { request: { channel: 'a' } },
      { request: { channel: '\u2028' } },
    ])
    expect(decode(`${lines.join('\n')}\n{"id":}`)).toMatchObject({ ok: false, reason: 'malformed JSON' })
  })
})
