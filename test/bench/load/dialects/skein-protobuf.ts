/**
 * Centrifuge's protocol in Protobuf: varint-delimited messages. Field numbers:
 * `packages/protocol/src/client.proto`.
 */
import { type Command, codecOf } from '@skein/protocol'
import { BINARY, clientFrame } from '../frames.ts'
import { findStamp } from '../stamp.ts'
import type { Conversation, Dialect } from './dialect.ts'

const codec = codecOf('protobuf')
const PONG = clientFrame(BINARY, Uint8Array.of(0))
const REPLY_ID = 0x08
const REPLY_ERROR = 0x12
const CONNECT = 1
const SUBSCRIBE = 2
const FIRST_PUBLISH = 10

const frame = (command: Command): Buffer => clientFrame(BINARY, codec.join([codec.encodeCommand(command)]))

export const skeinProtobuf: Dialect = {
  path: '/connection/websocket',
  subprotocol: 'centrifuge-protobuf',
  greet(conversation) {
    const { token } = conversation.identity
    conversation.send(frame({ id: CONNECT, verb: 'connect', request: { token, name: 'bench' } }))
  },
  receive(conversation, bytes, from, end) {
    let at = from
    while (at < end) {
      const [size, start] = varint(bytes, at)
      message(conversation, bytes, start, start + size)
      at = start + size
    }
  },
  publish(channel, id, data) {
    return frame({ id: id + FIRST_PUBLISH, verb: 'publish', request: { channel, data: Buffer.from(data) } })
  },
}

function message(conversation: Conversation, bytes: Uint8Array, from: number, end: number): void {
  if (from === end) conversation.send(PONG)
  else if (bytes[from] === REPLY_ID) reply(conversation, bytes, from)
  else {
    const at = findStamp(bytes, from, end)
    if (at >= 0) conversation.delivered(bytes, at)
  }
}

function reply(conversation: Conversation, bytes: Uint8Array, from: number): void {
  const [id, next] = varint(bytes, from + 1)
  const error = bytes[next] === REPLY_ERROR
  const { channel } = conversation.identity
  if (id >= FIRST_PUBLISH) conversation.acked(id - FIRST_PUBLISH, error)
  else if (error) conversation.refused('error reply')
  else if (id === CONNECT && channel !== '') {
    conversation.send(frame({ id: SUBSCRIBE, verb: 'subscribe', request: { channel } }))
  } else conversation.joined()
}

function varint(bytes: Uint8Array, from: number): [value: number, next: number] {
  let value = 0
  let shift = 0
  let at = from
  for (;;) {
    const byte = bytes[at++] ?? 0
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return [value, at]
    shift += 7
  }
}
