/** What handlers and hooks throw. Each error knows its wire form; one catch per command turns it into a reply or a close. */
import type { CloseCode, ErrorCode } from '@skein/protocol'

/** The command is answered with this error; the connection goes on. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError'
  readonly wire: ErrorCode

  constructor(wire: ErrorCode, detail?: string) {
    super(detail === undefined ? wire.message : `${wire.message}: ${detail}`)
    this.wire = detail === undefined ? wire : { ...wire, message: this.message }
  }
}

/** The connection is closed with this code. */
export class CloseError extends Error {
  override readonly name = 'CloseError'
  readonly close: CloseCode

  constructor(close: CloseCode) {
    super(close.reason)
    this.close = close
  }
}
