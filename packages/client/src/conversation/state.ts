/** What is shown of a conversation. */
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
  /** The last message, sent or on its way. */
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
  /** The newest page is here; until then `messages` has only what is on its way. */
  readonly loaded: boolean
  readonly loadingOlder: boolean
  /** Nothing older is kept. */
  readonly complete: boolean
  /** Why the newest page could not be had. */
  readonly error?: ChatError
}

export interface SendOptions {
  readonly replyTo?: Target
  readonly mentions?: readonly string[]
  /** Seconds. */
  readonly expiresIn?: number
  readonly ephemeral?: boolean
}
