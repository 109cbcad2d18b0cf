/** Centrifuge's protocol in JSON: connect, subscribe once connected, answer `{}` with `{}`. */
import { textFrame } from '../frames.ts'
import { findStamp, STAMP_LENGTH } from '../stamp.ts'
import type { Conversation, Dialect, Identity } from './dialect.ts'

const PONG = textFrame('{}')
const NEWLINE = 0x0a
const CONNECT = 1
const SUBSCRIBE = 2
/** Ids of publishes begin above those of the greeting. */
const FIRST_PUBLISH = 10

export const skeinJson: Dialect = {
  path: '/connection/websocket',
  subprotocol: '',
  greet(conversation) {
    const { token } = conversation.identity
    conversation.send(textFrame(`{"id":${CONNECT},"connect":{"token":"${token}","name":"bench"}}`))
  },
  receive(conversation, bytes, from, end) {
    let start = from
    while (start < end) {
      // Not `indexOf`: it would search the whole shared buffer.
      let stop = start
      while (stop < end && bytes[stop] !== NEWLINE) stop++
      line(conversation, bytes, start, stop)
      start = stop + 1
    }
  },
  publish(channel, id, data) {
    return textFrame(`{"id":${id + FIRST_PUBLISH},"publish":{"channel":"${channel}","data":${data}}}`)
  },
  subscribe(channel, id) {
    return textFrame(`{"id":${id + FIRST_PUBLISH},"subscribe":{"channel":"${channel}"}}`)
  },
}

/** `{}` · `{"id":1,…}` · `{"push":…}`: the third byte distinguishes them. */
function line(conversation: Conversation, bytes: Uint8Array, from: number, end: number): void {
  if (end - from === 2) conversation.send(PONG)
  else if (bytes[from + 2] === 0x69) reply(conversation, bytes, from, end)
  else {
    const at = findStamp(bytes, from, end)
    if (at >= 0) conversation.delivered(bytes, at)
  }
}

function reply(conversation: Conversation, bytes: Uint8Array, from: number, end: number): void {
  let id = 0
  let at = from + 6
  for (let byte = bytes[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = bytes[++at] ?? 0)
    id = id * 10 + byte - 0x30
  // Behind the id: `,"error":` or the verb.
  const error = bytes[at + 2] === 0x65
  if (id >= FIRST_PUBLISH) {
    conversation.acked(id - FIRST_PUBLISH, error)
    return
  }
  if (error) {
    conversation.refused(Buffer.from(bytes.subarray(from, end)).toString())
    return
  }
  if (id === CONNECT && conversation.identity.channel !== '') {
    conversation.send(subscribe(conversation.identity))
    return
  }
  // A recovering subscription's reply carries publications.
  for (
    let found = findStamp(bytes, from, end);
    found >= 0;
    found = findStamp(bytes, found + STAMP_LENGTH, end)
  ) {
    conversation.delivered(bytes, found)
  }
  conversation.joined()
}

function subscribe({ channel, since }: Identity): Buffer {
  const from = since === undefined ? '' : `,"recover":true,"epoch":"${since.epoch}","offset":${since.offset}`
  return textFrame(`{"id":${SUBSCRIBE},"subscribe":{"channel":"${channel}"${from}}}`)
}
