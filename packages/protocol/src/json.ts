/**
 * The protocol in JSON: one object per line. This file does the framing; `json/command.ts` and
 * `json/reply.ts` read the lines.
 */
import type { Codec, Decoded, DecodedReplies } from './codec.ts'
import { commandText, readCommand } from './json/command.ts'
import { pushText, readServerMessage, replyText } from './json/reply.ts'
import { textOf, utf8 } from './text.ts'
import { MAX_MESSAGES, mostCommands } from './wire/limits.ts'
import { Malformed, reasonOf } from './wire/malformed.ts'

const NEWLINE = 0x0a

export const jsonCodec: Codec = {
  decodeCommands(bytes): Decoded {
    const { items: commands, reason } = readLines(bytes, mostCommands(bytes.length), readCommand)
    return reason === undefined ? { ok: true, commands } : { ok: false, commands, reason }
  },
  encodeReply: (reply) => encode(replyText(reply)),
  encodePush: (push) => encode(pushText(push)),
  join,
  encodeCommand: (command) => utf8(commandText(command)),
  decodeReplies(bytes): DecodedReplies {
    const { items: messages, reason } = readLines(bytes, MAX_MESSAGES, readServerMessage)
    return reason === undefined ? { ok: true, messages } : { ok: false, messages, reason }
  },
}

function encode(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : utf8(text)
}

interface Lines<T> {
  readonly items: readonly T[]
  readonly reason?: string
}

/** Reads lines up to the first malformed one, and returns the messages before it. */
function readLines<T>(
  bytes: Uint8Array,
  most: number,
  read: (line: string, bytes: Uint8Array) => T,
): Lines<T> {
  const items: T[] = []
  try {
    const text = textOf(bytes)
    if (text === undefined) throw new Malformed('invalid UTF-8')
    if (text === '') throw new Malformed('empty frame')
    let at = 0
    let byteAt = 0
    while (at < text.length) {
      if (items.length === most) throw new Malformed(`more than ${most} messages in one frame`)
      const newline = text.indexOf('\n', at)
      const end = newline === -1 ? text.length : newline
      const byteEnd = newline === -1 ? bytes.length : bytes.indexOf(NEWLINE, byteAt)
      const line = byteAt === 0 && newline === -1 ? bytes : bytes.subarray(byteAt, byteEnd)
      items.push(read(text.slice(at, end), line))
      at = end + 1
      byteAt = byteEnd + 1
    }
    return { items }
  } catch (error) {
    return { items, reason: reasonOf(error) }
  }
}

function join(messages: readonly Uint8Array[]): Uint8Array {
  const [first] = messages
  if (first === undefined || messages.length === 1) return first ?? new Uint8Array(0)
  let length = messages.length - 1
  for (const message of messages) length += message.length
  const frame = new Uint8Array(length)
  let at = 0
  for (const message of messages) {
    if (at > 0) frame[at - 1] = NEWLINE
    frame.set(message, at)
    at += message.length + 1
  }
  return frame
}
