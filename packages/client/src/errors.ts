/** The error of a failed call. */

/** Codes below this are the SDK's: the call or its reply was lost. */
const FIRST_SERVER_CODE = 100

export class ChatError extends Error {
  override readonly name = 'ChatError'
  /** The server's code; below 100 the SDK's; 0 for errors of this client. */
  readonly code: number
  /**
   * The name of a chat error (`not_member`, `too_long`, …); `connection` if the server was not reached;
   * `server` for errors outside chat.
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

  /** True when the call or its reply was lost. */
  get unreached(): boolean {
    return this.reason === 'connection'
  }
}

function reasonOf(code: number, message: string): string {
  const named = /^([a-z_]+): /.exec(message)?.[1]
  return named ?? (code < FIRST_SERVER_CODE ? 'connection' : 'server')
}

/** Converts any rejection of the SDK. */
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
