import type { StreamPosition } from '@skein/protocol'

/** How far a user has come in a conversation. */
export interface Cursor extends StreamPosition {
  /** Unix ms of the message there, by which the place is found again in another epoch. */
  readonly at: number
}

export interface Advance {
  /** True when the cursor moved. */
  readonly advanced: boolean
  readonly cursor: Cursor
}

export interface UserCursors {
  readonly read?: Cursor
  /** The furthest of all devices. */
  readonly delivered?: Cursor
}

/** Read and delivered cursors. They never go back: in one epoch by offset, over epochs by the time of the message. */
export interface Cursors {
  read(user: string, conversation: string, cursor: Cursor): Promise<Advance>
  /** `advanced` tells whether the furthest of all devices moved. */
  deliver(user: string, device: string, conversation: string, cursor: Cursor): Promise<Advance>
  of(user: string, conversations: readonly string[]): Promise<readonly UserCursors[]>
}
