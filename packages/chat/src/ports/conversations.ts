export interface Flags {
  readonly muted: boolean
  readonly pinned: boolean
}

export interface UserConversations {
  readonly rooms: readonly string[]
  /** Users with whom there is a conversation of two, the latest first. */
  readonly directs: readonly string[]
}

/** What a user has of conversations. */
export interface Conversations {
  /** False: the user has `most` already. */
  addRoom(user: string, room: string, most: number): Promise<boolean>
  removeRoom(user: string, room: string): Promise<void>
  /** Remembers the conversation of two as of `at`; the oldest beyond `most` are forgotten. */
  touchDirect(user: string, other: string, at: number, most: number): Promise<void>
  of(user: string): Promise<UserConversations>
  /** When something was sent last; never goes back. `ttl` in seconds. */
  touch(conversation: string, at: number, ttl: number): Promise<void>
  touched(conversations: readonly string[]): Promise<readonly (number | undefined)[]>
  setFlags(user: string, conversation: string, flags: Partial<Flags>): Promise<Flags>
  flags(user: string, conversations: readonly string[]): Promise<readonly Flags[]>
}
