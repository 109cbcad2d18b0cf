/** The visible state of a conversation. */
import type { ChatError } from '../errors.ts'
import type { ConversationView, Role, Room, Target } from '../wire/shapes.ts'
import type { ChatMessage } from './messages.ts'

/** A row of the list of conversations. */
export interface ConversationState {
  readonly id: string
  readonly type: ConversationView['type']
  readonly with?: string
  readonly room?: Room
  readonly role?: Role
  /** The last message, sent or unsent. */
  readonly last?: ChatMessage
  readonly unread: number
  readonly mentions: number
  readonly read: number
  readonly muted: boolean
  readonly pinned: boolean
  /** Unix ms of the last activity; lists are sorted by it. */
  readonly at: number
}

export interface TimelineState {
  readonly messages: readonly ChatMessage[]
  /** True once the newest page is loaded. Before, `messages` has unsent messages only. */
  readonly loaded: boolean
  readonly loadingOlder: boolean
  /** True when the beginning of the kept log is loaded. */
  readonly complete: boolean
  /** The error of the newest page's load. */
  readonly error?: ChatError
}

export interface SendOptions {
  readonly replyTo?: Target
  readonly mentions?: readonly string[]
  /** Seconds. */
  readonly expiresIn?: number
  readonly ephemeral?: boolean
}
