/** The answer to an upgrade that is refused: HTTP, with the reason as JSON, and the end of the connection. */
import type { Duplex } from 'node:stream'
import type { AdmissionReason } from '../admission/admission.ts'

/**
 * Not by `import`: that reads every export of the module, one of which is a getter that loads Node's own HTTP client (undici),
 * 14 MB of resident memory for nothing.
 */
const { STATUS_CODES } = process.getBuiltinModule('node:http')

/** The label of the refusal's counter. */
export type RefusalReason = 'body' | 'origin' | 'token' | 'route' | AdmissionReason

export interface Refusal {
  readonly status: number
  readonly reason: RefusalReason
  readonly error: { readonly code: number; readonly message: string }
  /** Seconds. */
  readonly retryAfter?: number
}

/** The headers that say more than the body. */
export function refusalHeaders({ status, retryAfter }: Refusal): Readonly<Record<string, string>> {
  return {
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    connection: 'close',
  }
}

/** Written to the socket itself: behind an upgrade Node has no response object. */
export function writeRefusal(socket: Duplex, refusal: Refusal): void {
  const { status, error } = refusal
  const body = JSON.stringify({ error })
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    ...refusalHeaders(refusal),
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  // What the client goes on sending is read by nobody: destroyed once the answer is out.
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`)
}
