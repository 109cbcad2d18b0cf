/**
 * The protocol in Protobuf: each message has its length as a varint prefix. This file does the framing;
 * `protobuf/command.ts` and `protobuf/reply.ts` read the messages.
 */
import type { Codec, Decoded, DecodedReplies } from './codec.ts'
import { readCommand, writeCommand } from './protobuf/command.ts'
import { type Reader, readerOf } from './protobuf/reader.ts'
import { readServerMessage, writePush, writeReply } from './protobuf/reply.ts'
import { createWriter, type Writer } from './protobuf/write.ts'
import { MAX_MESSAGES, mostCommands } from './wire/limits.ts'
import { Malformed, reasonOf } from './wire/malformed.ts'

export const protobufCodec: Codec = {
  decodeCommands(bytes): Decoded {
    const { items: commands, reason } = readAll(bytes, mostCommands(bytes.length), readCommand)
    return reason === undefined ? { ok: true, commands } : { ok: false, commands, reason }
  },
  encodeReply: (reply) => encode((writer) => writeReply(writer, reply)),
  encodePush: (push) => encode((writer) => writePush(writer, push)),
  join,
  encodeCommand(command) {
    const writer = createWriter()
    writeCommand(writer, command)
    return writer.finish()
  },
  decodeReplies(bytes): DecodedReplies {
    const { items: messages, reason } = readAll(bytes, MAX_MESSAGES, readServerMessage)
    return reason === undefined ? { ok: true, messages } : { ok: false, messages, reason }
  },
}

/** `undefined` when the message holds an invalid envelope. */
function encode(write: (writer: Writer) => void): Uint8Array | undefined {
  const writer = createWriter()
  try {
    write(writer)
    return writer.finish()
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}

interface Messages<T> {
  readonly items: readonly T[]
  readonly reason?: string
}

/** Reads messages up to the first malformed one, and returns the messages before it. */
function readAll<T>(bytes: Uint8Array, most: number, read: (reader: Reader) => T): Messages<T> {
  const items: T[] = []
  const reader = readerOf(bytes)
  try {
    if (bytes.length === 0) throw new Malformed('empty frame')
    while (reader.pos < bytes.length) {
      if (items.length === most) throw new Malformed(`more than ${most} messages in one frame`)
      items.push(read(reader))
    }
    return { items }
  } catch (error) {
    return { items, reason: reasonOf(error) }
  }
}

function join(messages: readonly Uint8Array[]): Uint8Array {
  const [first] = messages
  if (first !== undefined && messages.length === 1) return first
  const frame = new Uint8Array(messages.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const message of messages) {
    frame.set(message, at)
    at += message.length
  }
  return frame
}
