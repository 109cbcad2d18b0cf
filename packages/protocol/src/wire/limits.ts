/**
 * Commands in one frame. Each becomes an object of some hundred bytes and a place in the inbox, while the smallest (a
 * pong) has one byte on the wire, so a 64 KiB frame could hold 65,536. An SDK that reconnects sends `connect` and one
 * `subscribe` per channel in one frame, and 64 KiB hold about 1,000 of these.
 */
export const MAX_COMMANDS = 1024

/** Replies in one frame, for the client's side: a server is trusted more, but not without end. */
export const MAX_MESSAGES = 65_536
