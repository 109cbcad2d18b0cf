/** Every error that chat adds to the wire, in one table. A test compares docs/reference/chat.md with it. */
import { ReplyError } from '@skein/core'
import type { ErrorCode } from '@skein/protocol'

interface Row {
  readonly code: number
  readonly text: string
  readonly temporary?: true
}

export const CHAT_ERROR = {
  bad_request: { code: 400, text: 'the request does not fit the method' },
  unknown_conversation: { code: 401, text: 'there is no such conversation' },
  unknown_room: { code: 402, text: 'there is no such room' },
  not_member: { code: 403, text: 'you are not a member of this conversation' },
  not_allowed: { code: 404, text: 'your role does not allow this' },
  muted: { code: 405, text: 'you are muted in this room' },
  banned: { code: 406, text: 'you are banned from this room' },
  archived: { code: 407, text: 'this room is archived' },
  already_member: { code: 408, text: 'already a member of this room' },
  empty: { code: 410, text: 'the message is empty' },
  too_long: { code: 411, text: 'the message is too long' },
  bad_body: { code: 412, text: 'the message holds control characters' },
  mention_limit: { code: 413, text: 'too many people are mentioned' },
  bad_name: { code: 414, text: 'the name cannot be used' },
  name_taken: { code: 415, text: 'another room has this name' },
  unknown_message: { code: 420, text: 'there is no such message, or it is no longer kept' },
  not_yours: { code: 421, text: 'the message belongs to another user' },
  deleted: { code: 422, text: 'the message was deleted' },
  reaction_limit: { code: 423, text: 'the message has reached the maximum number of reactions' },
  bad_emoji: { code: 424, text: 'a reaction must be one emoji' },
  receipt_future: { code: 430, text: 'nothing was sent yet at this position' },
  receipt_mismatch: { code: 431, text: 'the message is not at this position of this conversation' },
  invite_used: { code: 440, text: 'the invitation has no uses left' },
  invite_expired: { code: 441, text: 'the invitation is unknown or has expired' },
  invite_not_yours: { code: 442, text: 'the invitation is for somebody else' },
  too_many_rooms: { code: 450, text: 'you have reached the maximum number of rooms' },
  room_full: { code: 451, text: 'the room is full' },
  watch_limit: { code: 452, text: 'too many people are watched' },
  last_owner: { code: 453, text: 'the room would have no owner: name another first' },
  unknown_device: { code: 460, text: 'there is no such device' },
  rate_limited: { code: 470, text: 'too fast', temporary: true },
} as const satisfies Record<string, Row>

export type ChatErrorName = keyof typeof CHAT_ERROR

/**
 * Answers a call with a row of {@link CHAT_ERROR}. The message begins with the row's name, which clients may
 * rely on.
 */
export class ChatError extends ReplyError {
  readonly reason: ChatErrorName

  constructor(reason: ChatErrorName, detail?: string) {
    super(wire(reason, detail))
    this.reason = reason
  }
}

function wire(reason: ChatErrorName, detail: string | undefined): ErrorCode {
  const row: Row = CHAT_ERROR[reason]
  const message = `${reason}: ${detail ?? row.text}`
  return { code: row.code, message, ...(row.temporary && { temporary: true }) }
}
