/**
 * Ids that relate a connection or a request to log lines of other services. A client may send any text as an
 * id.
 */
import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** Characters that are safe in logs and headers. */
const SANE = /^[\w.:/+=@-]{1,128}$/

/** W3C Trace Context, 3.2: version 00, no all-zero ids. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** Returns a function that takes `X-Request-Id` if it is safe, and otherwise makes a new id. */
export function createRequestIds(): (headers: IncomingHttpHeaders) => string {
  const prefix = randomBytes(6).toString('base64url')
  let count = 0
  return (headers) => {
    const given = headers['x-request-id']
    if (typeof given === 'string' && SANE.test(given)) return given
    count++
    return `${prefix}-${count.toString(36)}`
  }
}

/** The trace id of a valid `traceparent`. */
export function traceId({ traceparent }: IncomingHttpHeaders): string | undefined {
  return typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent)?.[1] : undefined
}
