import { describe, expect, test } from 'vitest'
import { jsonCodec, protobufCodec } from './codecs.ts'
import { decodeEnvelope, encodeEnvelope } from './envelope.ts'
import type { Envelope } from './messages.ts'
import type { Payload } from './payload.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (of: Uint8Array | undefined) => of && new TextDecoder().decode(of)
const pub = (envelope: Envelope, offset = 0) => ({ kind: 'pub', channel: 'c', offset, envelope }) as const

/** The bytes that a subscriber of each encoding receives for `data`. */
function received(data: Payload) {
  const envelope = encodeEnvelope({ data })
  const frame = protobufCodec.encodePush(pub(envelope)) ?? new Uint8Array(0)
  // 22 len, 12 len 'c', 22 len, 22 len data: one byte each for short data.
  return { json: text(jsonCodec.encodePush(pub(envelope))), protobuf: Uint8Array.from(frame.subarray(10)) }
}

describe('envelope', () => {
  test('has all members except the offset, data first, on one line', () => {
    const info = { user: 'u', client: 'c', connInfo: '{"n":\n1}' }
    const envelope = encodeEnvelope({ data: '{\n}', info, tags: { a: 'b' }, time: 5, channel: 'x' })
    expect(envelope).toBe(
      '{"data":{ },"info":{"user":"u","client":"c","conn_info":{"n": 1}},"tags":{"a":"b"},"time":5,"channel":"x"}',
    )
  })

  test('preserves any bytes', () => {
    const data = Uint8Array.from({ length: 20_000 }, (_, i) => i)
    expect(decodeEnvelope(encodeEnvelope({ data }), 7)).toEqual({ data, offset: 7 })
  })

  test.each([
    'nonsense',
    '',
    '[]',
    'null',
    '{}',
    '{"info":{}}',
    '{"data":1,"info":5}',
    '{"data":1,"tags":{"a":1}}',
    '{"b64data":"%"}',
    '{"b64data":5}',
    '{"data":',
  ])('%s is none', (foreign) => {
    expect(decodeEnvelope(foreign, 1)).toBeUndefined()
    expect(protobufCodec.encodePush(pub(foreign as Envelope))).toBeUndefined()
  })

  test('is not sent to JSON clients when it has no valid beginning', () => {
    expect(jsonCodec.encodePush(pub('{"x":1}' as Envelope))).toBeUndefined()
    expect(jsonCodec.encodePush(pub('{"b64data":"%"}' as Envelope))).toBeUndefined()
  })
})

describe('bytes that a Protobuf client published', () => {
  test('reach JSON clients if they are JSON, with newlines between tokens as spaces', () => {
    const { json, protobuf } = received(bytes('{"a":\n1}'))
    expect(json).toBe('{"push":{"channel":"c","pub":{"data":{"a": 1}}}}')
    expect(protobuf).toEqual(bytes('{"a":\n1}'))
  })

  test.each([
    ['no JSON', bytes('hello')],
    ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['nothing', new Uint8Array(0)],
  ])('have no form for JSON clients when they are %s', (_, data) => {
    const { json, protobuf } = received(data)
    expect(json).toBeUndefined()
    expect(protobuf).toEqual(data)
  })

  test('that are not JSON make the whole reply unencodable in JSON', () => {
    const data = bytes('hello')
    const publications = [{ offset: 1, envelope: encodeEnvelope({ data }) }]
    const subs = { c: { publications } }
    const results = [
      { id: 1, verb: 'rpc', result: { data } },
      { id: 1, verb: 'history', result: { publications, epoch: 'e', offset: 1 } },
      { id: 1, verb: 'connect', result: { client: 'c', version: 'v', subs } },
    ] as const
    for (const reply of results) {
      expect(jsonCodec.encodeReply(reply)).toBeUndefined()
      const frame = protobufCodec.encodeReply(reply) ?? new Uint8Array(0)
      expect(protobufCodec.decodeReplies(frame)).toEqual({ ok: true, messages: [{ kind: 'reply', reply }] })
    }
  })
})

describe('text', () => {
  test('with raw newlines stays one line', () => {
    const reply = { id: 1, verb: 'rpc', result: { data: '{\n  "a": 1\n}' } } as const
    expect(text(jsonCodec.encodeReply(reply))).toBe('{"id":1,"rpc":{"data":{   "a": 1 }}}')
  })

  test('with lone surrogates is valid UTF-8 for Protobuf clients', () => {
    const frame = protobufCodec.encodePush({ ...pub(encodeEnvelope({ data: '1' })), channel: 'a\ud800' })
    const fatal = new TextDecoder('utf-8', { fatal: true })
    expect(fatal.decode(frame?.subarray(5, 9))).toBe('a\ufffd')
  })
})
