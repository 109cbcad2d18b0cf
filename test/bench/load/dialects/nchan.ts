/** nchan: the path of a connection names its purpose; a frame is a message. */
import { textFrame } from '../frames.ts'
import { findStamp } from '../stamp.ts'
import type { Dialect } from './dialect.ts'

export const nchan: Dialect = {
  path: '/sub',
  publisherPath: '/pub',
  subprotocol: '',
  greet(conversation) {
    conversation.joined()
  },
  receive(conversation, bytes, from, end) {
    // The reply to a publisher is the number of queued messages: no stamp, no message.
    const at = findStamp(bytes, from, end)
    if (at >= 0) conversation.delivered(bytes, at)
  },
  publish(_channel, _id, data) {
    return textFrame(data)
  },
}
