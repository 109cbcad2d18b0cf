/** What a call that did not succeed rejects with. */

/** The SDK's own codes end here: such a call did not reach the server, or its reply did not come. */
const FIRST_SERVER_CODE = 100

export class ChatError extends Error {
  override readonly name = 'ChatError'
  /** The server's code (docs/reference/chat.md, PROTOCOL.md); below 100 the SDK's, or 0: this client's. */
  readonly code: number
  /**
   * `not_member`, `too_long`, …; `connection` when the server was not reached; `server` for errors that are
   * not chat's.
   */
  readonly reason: string
  /** The same call may succeed later. */
  readonly temporary: boolean

  constructor(code: number, message: string, temporary: boolean) {
    super(message)
    this.code = code
    this.reason = reasonOf(code, message)
    this.temporary = temporary || this.unreached
  }

  /** The server was not reached, or its answer was not. */
  get unreached(): boolean {
    return this.reason === 'connection'
  }
}

function reasonOf(code: number, message: string): string {
  const named = /^([a-z_]+): /.exec(message)?.[1]
  return named ?? (code < FIRST_SERVER_CODE ? 'connection' : 'server')
}

/** Of whatever the SDK rejected with. */
export function toChatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error
  const { code, message, temporary } = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly [key: string]: unknown
  } & { code?: unknown; message?: unknown; temporary?: unknown }
  return new ChatError(
    typeof code === 'number' ? code : 0,
    typeof message === 'string' ? message : String(error),
    temporary === true,
  )
}
