/** The server API as a backend calls it. */

/** An error reply: `{"error":{"code":…,"message":…}}`. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

export interface ApiReply {
  readonly error?: { readonly code: number; readonly message: string }
  readonly result?: Record<string, unknown>
}

export interface RawReply {
  readonly status: number
  readonly text: string
}

/** Sends the body unchanged, for tests of rejected requests. `key` undefined: no header. */
export async function callRaw(
  internalUrl: string,
  method: string,
  body: string,
  key: string | undefined,
): Promise<RawReply> {
  const response = await fetch(`${internalUrl}/api/${method}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'x-api-key': key }),
    },
    body,
    signal: AbortSignal.timeout(10_000),
  })
  return { status: response.status, text: await response.text() }
}

/** The result; throws {@link ApiError} when the reply is an error. The caller vouches for the shape `T`. */
export async function callApi<T = Record<string, unknown>>(
  internalUrl: string,
  method: string,
  params: object,
  key: string,
): Promise<T> {
  const { status, text } = await callRaw(internalUrl, method, JSON.stringify(params), key)
  if (status !== 200) throw new Error(`/api/${method} answered ${status}: ${text}`)
  const reply = JSON.parse(text) as ApiReply
  if (reply.error !== undefined) throw new ApiError(reply.error.code, reply.error.message)
  return (reply.result ?? reply) as T
}
