/** The form of an error of the server API: `{"code":107,"message":"bad request: …"}`. */
import { ReplyError, Unavailable } from '@skein/core'
import { ERROR, type ErrorCode } from '@skein/protocol'
import type { JsonText } from './json.ts'

/** An unexpected error has code 100, and no details for the caller. */
export function errorCode(error: unknown): ErrorCode {
  if (error instanceof ReplyError) return error.wire
  if (error instanceof Unavailable) return { ...ERROR.internal, message: 'the cluster cannot be reached' }
  return ERROR.internal
}

export function isForeseen(error: unknown): boolean {
  return error instanceof ReplyError || error instanceof Unavailable
}

export function errorText(error: unknown): JsonText {
  const { code, message } = errorCode(error)
  return JSON.stringify({ code, message })
}
