/**
 * Every code of the wire, in one table: errors in replies, codes of `unsubscribe` pushes, close codes.
 *
 * Source: Centrifugo documentation, `docs/server/codes.md`. The ranges decide what an SDK does: unsubscribe
 * codes below 2500 are terminal and others resubscribe; close codes 3000-3499 and 4000-4499 reconnect,
 * 3500-3999 and 4500-4999 are terminal. A close always carries a reason: the JavaScript SDK reconnects when
 * it is empty.
 */

/** One row of {@link ERROR}: an error that answers a command. `temporary` asks the client to try again. */
export interface ErrorCode {
  readonly code: number
  readonly message: string
  readonly temporary?: true
}

export const ERROR = {
  internal: { code: 100, message: 'internal server error', temporary: true },
  unauthorized: { code: 101, message: 'unauthorized' },
  unknownChannel: { code: 102, message: 'unknown channel' },
  permissionDenied: { code: 103, message: 'permission denied' },
  methodNotFound: { code: 104, message: 'method not found' },
  alreadySubscribed: { code: 105, message: 'already subscribed' },
  limitExceeded: { code: 106, message: 'limit exceeded' },
  badRequest: { code: 107, message: 'bad request' },
  notAvailable: { code: 108, message: 'not available' },
  tokenExpired: { code: 109, message: 'token expired' },
  expired: { code: 110, message: 'expired' },
  tooManyRequests: { code: 111, message: 'too many requests', temporary: true },
  unrecoverablePosition: { code: 112, message: 'unrecoverable position' },
} as const satisfies Record<string, ErrorCode>

/** One row of {@link UNSUBSCRIBE}: the server ended a subscription. */
export interface UnsubscribeCode {
  readonly code: number
  readonly reason: string
}

export const UNSUBSCRIBE = {
  server: { code: 2000, reason: 'server unsubscribed' },
  insufficientState: { code: 2500, reason: 'insufficient state' },
  expired: { code: 2501, reason: 'subscription expired' },
} as const satisfies Record<string, UnsubscribeCode>

/** One row of {@link CLOSE}: the server ended a connection. At most 123 bytes of reason (RFC 6455, 5.5). */
export interface CloseCode {
  readonly code: number
  readonly reason: string
}

export const CLOSE = {
  normal: { code: 3000, reason: 'connection closed' },
  shutdown: { code: 3001, reason: 'shutdown' },
  internal: { code: 3004, reason: 'internal server error' },
  expired: { code: 3005, reason: 'connection expired' },
  subscriptionExpired: { code: 3006, reason: 'subscription expired' },
  slow: { code: 3008, reason: 'slow' },
  writeError: { code: 3009, reason: 'write error' },
  insufficientState: { code: 3010, reason: 'insufficient state' },
  forceReconnect: { code: 3011, reason: 'force reconnect' },
  noPong: { code: 3012, reason: 'no pong' },
  tooManyRequests: { code: 3013, reason: 'too many requests' },
  invalidToken: { code: 3500, reason: 'invalid token' },
  badRequest: { code: 3501, reason: 'bad request' },
  stale: { code: 3502, reason: 'stale' },
  forceDisconnect: { code: 3503, reason: 'force disconnect' },
  connectionLimit: { code: 3504, reason: 'connection limit' },
  channelLimit: { code: 3505, reason: 'channel limit' },
  inappropriateProtocol: { code: 3506, reason: 'inappropriate protocol' },
  permissionDenied: { code: 3507, reason: 'permission denied' },
  notAvailable: { code: 3508, reason: 'not available' },
  tooManyErrors: { code: 3509, reason: 'too many errors' },
} as const satisfies Record<string, CloseCode>

/** True when an SDK reconnects by itself after this close code. Source: `docs/server/codes.md`, "ranges". */
export function reconnects(code: number): boolean {
  return !((code >= 3500 && code < 4000) || (code >= 4500 && code < 5000) || code === 1009)
}

/** The close with a detail after its reason, cut to the size of a close frame. */
export function because(close: CloseCode, detail: string): CloseCode {
  const bytes = new TextEncoder().encode(`${close.reason}: ${detail}`)
  if (bytes.length <= 123) return { code: close.code, reason: `${close.reason}: ${detail}` }
  return {
    code: close.code,
    reason: new TextDecoder().decode(bytes.subarray(0, 120)).replace(/\uFFFD+$/, ''),
  }
}
