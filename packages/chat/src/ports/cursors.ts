import type { StreamPosition } from '@skein/protocol'

/** A user's position in a conversation. */
export interface Cursor extends StreamPosition {
  /** Time of the message at the position, Unix ms; it locates the position in another epoch. */
  readonly at: number
}

export interface Advance {
  /** True when the cursor moved. */
  readonly advanced: boolean
  readonly cursor: Cursor
}

export interface UserCursors {
  readonly read?: Cursor
  /** The furthest position of all devices. */
  readonly delivered?: Cursor
}

/**
 * Read and delivered cursors. They never move back: by offset within an epoch, by message time over epochs.
 */
export interface Cursors {
  read(user: string, conversation: string, cursor: Cursor): Promise<Advance>
  /** `advanced` is true when the furthest position of all devices moved. */
  deliver(user: string, device: string, conversation: string, cursor: Cursor): Promise<Advance>
  of(user: string, conversations: readonly string[]): Promise<readonly UserCursors[]>
}
