import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Codec } from './codec.ts'
import { jsonCodec, protobufCodec } from './codecs.ts'
import { command, push, reply } from './testing/arbitraries.ts'

/** Bytes are not JSON, so JSON round trips use text payloads. */
const CODECS = [
  { encoding: 'json', codec: jsonCodec, payloads: 'text' },
  { encoding: 'protobuf', codec: protobufCodec, payloads: 'any' },
] as const

function bytes(encoded: Uint8Array | undefined): Uint8Array {
  if (encoded === undefined) throw new Error('not writable')
  return encoded
}

/** A frame with one changed byte, or truncated: close enough to a valid one to reach deep code. */
function damaged(codec: Codec): fc.Arbitrary<Uint8Array> {
  const frame = fc
    .array(command('text'), { minLength: 1, maxLength: 3 })
    .map((commands) => codec.join(commands.map((c) => codec.encodeCommand(c))))
  return fc.tuple(frame, fc.nat(), fc.nat(255), fc.boolean()).map(([valid, place, byte, cut]) => {
    const at = place % valid.length
    if (cut) return Uint8Array.from(valid.subarray(0, at))
    const changed = Uint8Array.from(valid)
    changed[at] = byte
    return changed
  })
}

describe.each(CODECS)('$encoding', ({ codec, payloads }) => {
  test('commands survive a round trip', () => {
    fc.assert(
      fc.property(fc.array(command(payloads), { minLength: 1, maxLength: 5 }), (commands) => {
        const frame = codec.join(commands.map((c) => codec.encodeCommand(c)))
        expect(codec.decodeCommands(frame)).toEqual({ ok: true, commands })
      }),
    )
  })

  test('replies survive a round trip', () => {
    fc.assert(
      fc.property(fc.array(reply(payloads), { minLength: 1, maxLength: 5 }), (replies) => {
        const frame = codec.join(replies.map((r) => bytes(codec.encodeReply(r))))
        const messages = replies.map((r) => ({ kind: 'reply', reply: r }))
        expect(codec.decodeReplies(frame)).toEqual({ ok: true, messages })
      }),
    )
  })

  test('pushes survive a round trip', () => {
    fc.assert(
      fc.property(fc.array(push(payloads), { minLength: 1, maxLength: 5 }), (pushes) => {
        const frame = codec.join(pushes.map((p) => bytes(codec.encodePush(p))))
        const messages = pushes.map((p) => ({ kind: 'push', push: p }))
        expect(codec.decodeReplies(frame)).toEqual({ ok: true, messages })
      }),
    )
  })

  test('arbitrary bytes never throw and always have a reason', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged(codec)), (frame) => {
        for (const decoded of [codec.decodeCommands(frame), codec.decodeReplies(frame)]) {
          if (!decoded.ok) expect(decoded.reason).toMatch(/\S/)
          else expect(frame.length).toBeGreaterThan(0)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('a decoded frame can be encoded, and decodes to the same', () => {
    fc.assert(
      fc.property(damaged(codec), (frame) => {
        const { commands } = codec.decodeCommands(frame)
        if (commands.length === 0) return
        const again = codec.join(commands.map((c) => codec.encodeCommand(c)))
        expect(codec.decodeCommands(again)).toEqual({ ok: true, commands })
      }),
      { numRuns: 1000 },
    )
  })
})

describe('JSON and Protobuf agree', () => {
  const through = (codec: Codec, encoded: Uint8Array | undefined) => codec.decodeReplies(bytes(encoded))

  test('on commands', () => {
    fc.assert(
      fc.property(command('text'), (c) => {
        const json = jsonCodec.decodeCommands(jsonCodec.encodeCommand(c))
        expect(protobufCodec.decodeCommands(protobufCodec.encodeCommand(c))).toEqual(json)
      }),
    )
  })

  test('on replies and pushes', () => {
    fc.assert(
      fc.property(reply('text'), push('text'), (r, p) => {
        expect(through(protobufCodec, protobufCodec.encodeReply(r))).toEqual(
          through(jsonCodec, jsonCodec.encodeReply(r)),
        )
        expect(through(protobufCodec, protobufCodec.encodePush(p))).toEqual(
          through(jsonCodec, jsonCodec.encodePush(p)),
        )
      }),
    )
  })
})
