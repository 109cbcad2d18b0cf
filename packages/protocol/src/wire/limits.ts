/**
 * Commands in one frame. Each becomes an object of some hundred bytes and a place in the inbox, while the
 * smallest (a pong) has one byte on the wire. An SDK that reconnects sends `connect` and one `subscribe` per
 * channel in one frame, and that must never be refused: a command with id and channel has 9 bytes at least,
 * so one for every 8 is enough.
 */
export function mostCommands(frameBytes: number): number {
  return Math.max(1024, frameBytes >> 3)
}

/**
 * Replies in one frame, for the client's side: an empty one (a ping) has one byte, and servers write many at
 * once.
 */
export const MAX_MESSAGES = 65_536
