import { describe, expect, test } from 'vitest'
import { jsonCodec, protobufCodec } from './codecs.ts'
import { type Fixture, fixtures } from './testing/fixtures.ts'

const CODECS = { json: jsonCodec, protobuf: protobufCodec }

describe.each(['json', 'protobuf'] as const)('%s', (encoding) => {
  const codec = CODECS[encoding]

  test.each(fixtures(`commands.${encoding}.txt`))('command: $name', ({ frame, messages, reason }) => {
    const decoded = codec.decodeCommands(frame)
    expect(decoded.commands).toEqual(messages)
    expect(decoded.ok ? undefined : decoded.reason).toBe(reason)
    const again = codec.join(decoded.commands.map((command) => codec.encodeCommand(command)))
    if (decoded.ok) expect(codec.decodeCommands(again)).toEqual(decoded)
  })

  test.each(fixtures(`replies.${encoding}.txt`))('reply: $name', ({ frame, messages, reason }) => {
    const decoded = codec.decodeReplies(frame)
    expect(decoded.messages).toEqual(messages)
    expect(decoded.ok ? undefined : decoded.reason).toBe(reason)
  })

  // The server writes the same frames, byte for byte.
  test.each(fixtures(`replies.${encoding}.txt`).filter(isValid))('written: $name', ({ frame }) => {
    const decoded = codec.decodeReplies(frame)
    const written = decoded.messages.map((message) =>
      message.kind === 'reply' ? codec.encodeReply(message.reply) : codec.encodePush(message.push),
    )
    expect(new Uint8Array(codec.join(written.map((bytes) => bytes ?? new Uint8Array(0))))).toEqual(frame)
  })
})

function isValid({ reason }: Fixture): boolean {
  return reason === undefined
}
