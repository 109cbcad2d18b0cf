/**
 * Engine.IO 4 over WebSocket, and Socket.IO 5 in it: `0{…}` open, `40` connect, `42[…]` event, `2` ping, `3`
 * pong.
 */
import { textFrame } from '../frames.ts'
import { findStamp } from '../stamp.ts'
import type { Dialect } from './dialect.ts'

const PONG = textFrame('3')
const OPEN = 0x30
const PING = 0x32
const MESSAGE = 0x34
const CONNECT = 0x30
const ERROR = 0x34

export const socketIo: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  subprotocol: '',
  greet() {
    // The server speaks first.
  },
  receive(conversation, bytes, from, end) {
    const kind = bytes[from]
    if (kind === PING) conversation.send(PONG)
    else if (kind === OPEN) conversation.send(textFrame('40'))
    else if (kind === MESSAGE && bytes[from + 1] === CONNECT) {
      const { channel } = conversation.identity
      if (channel === '') conversation.joined()
      else conversation.send(textFrame(`42["join","${channel}"]`))
    } else if (kind === MESSAGE && bytes[from + 1] === ERROR) {
      conversation.refused(Buffer.from(bytes.subarray(from, end)).toString())
    } else {
      const at = findStamp(bytes, from, end)
      if (at >= 0) conversation.delivered(bytes, at)
      else conversation.joined()
    }
  },
  publish(channel, _id, data) {
    return textFrame(`42["publish","${channel}",${data}]`)
  },
}
