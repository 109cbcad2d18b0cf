/**
 * Maximum commands in one frame. Each becomes an object of some hundred bytes in the inbox, while the
 * smallest (a pong) has one byte on the wire. A reconnecting SDK sends `connect` and one `subscribe` per
 * channel in one frame, which must be accepted: a command with id and channel has at least 9 bytes, so one
 * per 8 bytes suffices.
 */
export function mostCommands(frameBytes: number): number {
  return Math.max(1024, frameBytes >> 3)
}

/** Maximum replies in one frame, for clients: a ping has one byte, and servers write many replies at once. */
export const MAX_MESSAGES = 65_536
