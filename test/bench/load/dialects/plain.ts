/** The plain peers: `{"join":"room"}` is answered with `{"joined":true}`; `{"room":…,"data":…}` publishes. */
import { textFrame } from '../frames.ts'
import { findStamp } from '../stamp.ts'
import type { Dialect } from './dialect.ts'

export const plain: Dialect = {
  path: '/ws',
  subprotocol: '',
  greet(conversation) {
    conversation.send(textFrame(`{"join":"${conversation.identity.channel}"}`))
  },
  receive(conversation, bytes, from, end) {
    const at = findStamp(bytes, from, end)
    if (at >= 0) conversation.delivered(bytes, at)
    else conversation.joined()
  },
  publish(channel, _id, data) {
    return textFrame(`{"room":"${channel}","data":${data}}`)
  },
}
