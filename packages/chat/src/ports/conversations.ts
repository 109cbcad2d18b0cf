export interface Flags {
  readonly muted: boolean
  readonly pinned: boolean
}

export interface UserConversations {
  readonly rooms: readonly string[]
  /** The other users of direct conversations, the latest first. */
  readonly directs: readonly string[]
}

/** A user's list of conversations and their flags. */
export interface Conversations {
  /** False when the user already has `most` rooms. */
  addRoom(user: string, room: string, most: number): Promise<boolean>
  removeRoom(user: string, room: string): Promise<void>
  /** Records the direct conversation at the time `at`; the oldest beyond `most` are evicted. */
  touchDirect(user: string, other: string, at: number, most: number): Promise<void>
  of(user: string): Promise<UserConversations>
  /** Sets the time of the last message; it never decreases. `ttl` in seconds. */
  touch(conversation: string, at: number, ttl: number): Promise<void>
  touched(conversations: readonly string[]): Promise<readonly (number | undefined)[]>
  setFlags(user: string, conversation: string, flags: Partial<Flags>): Promise<Flags>
  flags(user: string, conversations: readonly string[]): Promise<readonly Flags[]>
}
