/**
 * Errors of handlers and hooks. Each has its wire form; one catch per command turns it into a reply or a
 * close.
 */
import type { CloseCode, ErrorCode } from '@skein/protocol'

/** The reply to the command. The connection stays open. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError'
  readonly wire: ErrorCode

  constructor(wire: ErrorCode, detail?: string) {
    super(detail === undefined ? wire.message : `${wire.message}: ${detail}`)
    this.wire = detail === undefined ? wire : { ...wire, message: this.message }
  }
}

/** Closes the connection. */
export class CloseError extends Error {
  override readonly name = 'CloseError'
  readonly close: CloseCode

  constructor(close: CloseCode) {
    super(close.reason)
    this.close = close
  }
}
