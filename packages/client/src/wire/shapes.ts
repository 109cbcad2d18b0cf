/**
 * Shapes of requests, replies and events, as docs/reference/chat.md defines them. A test compares them with
 * the server's schemas.
 */

export interface Target {
  readonly id: string
  readonly offset: number
}

export interface Position {
  readonly offset: number
  readonly epoch: string
}

export type Role = 'owner' | 'moderator' | 'member'
export type Visibility = 'public' | 'members'

export type SystemKind =
  | 'created'
  | 'joined'
  | 'left'
  | 'kicked'
  | 'banned'
  | 'renamed'
  | 'role'
  | 'muted'
  | 'archived'
  | 'restored'
  | 'announcement'

export interface System {
  readonly kind: SystemKind
  readonly user?: string
  readonly by?: string
  readonly name?: string
  readonly role?: Role
  /** Unix ms. */
  readonly until?: number
}

/** The envelope: a message as it was sent. */
export interface Message {
  /** Unique, sorts by time. */
  readonly id: string
  /** Unix ms. */
  readonly timestamp: number
  readonly type: 'private' | 'room' | 'broadcast' | 'system' | 'ephemeral'
  /** User id; '' for system messages. */
  readonly from: string
  /** User id, room id, or '*'. */
  readonly to: string
  /** Plain text, never markup. */
  readonly body: string
  /** The sender's own id of the message. */
  readonly clientId: string
  readonly replyTo?: Target
  /** Unix ms. */
  readonly expiresAt?: number
  readonly mentions?: string[]
  readonly system?: System
}

/** The amended state of a message. */
export interface Amendment {
  /** Increases with each change of the message; 0: unchanged. */
  readonly version: number
  readonly body?: string
  readonly editedAt?: number
  readonly mentions?: string[]
  /** Deleted for all: `body` is ''. */
  readonly deletedAt?: number
  readonly deletedBy?: string
  /** Emoji to user ids. */
  readonly reactions?: Record<string, string[]>
}

/** A message in its current state, with its offset in the conversation's log. */
export interface Item extends Omit<Message, 'body' | 'mentions'>, Omit<Amendment, 'body'> {
  readonly body: string
  readonly offset: number
}

export interface Room {
  readonly id: string
  readonly name: string
  readonly visibility: Visibility
  readonly createdBy: string
  readonly createdAt: number
  readonly archivedAt?: number
  readonly members: number
}

/** A conversation as its list shows it to this user. */
export interface ConversationView {
  readonly id: string
  readonly type: 'private' | 'room' | 'broadcast'
  /** Private: the other user. */
  readonly with?: string
  readonly room?: Room
  readonly role?: Role
  readonly top: Position
  readonly last?: Item
  readonly read: number
  readonly unread: number
  readonly mentions: number
  readonly muted: boolean
  readonly pinned: boolean
  /** Private: the other side's cursors. */
  readonly peer?: { readonly read: number; readonly delivered: number }
}

export interface Person {
  readonly user: string
  readonly status: 'online' | 'away' | 'suspected' | 'offline'
  readonly lastSeen?: number
  readonly at: number
}

export interface Member {
  readonly user: string
  readonly role: Role
  readonly joinedAt: number
  readonly mutedUntil?: number
}

export interface Ban {
  readonly user: string
  readonly by: string
  readonly at: number
  readonly until?: number
}

export interface Device {
  readonly device: string
  readonly name: string
  readonly connected: boolean
  readonly lastSeen: number
  readonly current: boolean
}

export interface Profile {
  readonly user: string
  readonly name: string
}

export interface Cursors {
  readonly user: string
  readonly read: number
  readonly delivered: number
}
