/** Ids that tie a connection or request to log lines elsewhere. Whoever sends them may choose them, so they are checked. */
import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** What every log and header carries unharmed. */
const SANE = /^[\w.:/+=@-]{1,128}$/

/** W3C Trace Context, 3.2: version 00, no all-zero ids. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

const PROCESS = randomBytes(6).toString('base64url')
let counter = 0

/** `X-Request-Id` where it is sane, or a new one. */
export function requestId(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id']
  if (typeof given === 'string' && SANE.test(given)) return given
  counter++
  return `${PROCESS}-${counter.toString(36)}`
}

/** The trace id of `traceparent` where it is one. */
export function traceId({ traceparent }: IncomingHttpHeaders): string | undefined {
  return typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent)?.[1] : undefined
}
