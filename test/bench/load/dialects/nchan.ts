/** nchan: what a connection is for is in its path; a frame is a message and nothing else. */
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
    // A publisher is told how many messages are queued: no stamp, no message.
    const at = findStamp(bytes, from, end)
    if (at >= 0) conversation.delivered(bytes, at)
  },
  publish(_channel, _id, data) {
    return textFrame(data)
  },
}
