/** What is kept of an upgrade request: a few short strings, and no reference to the request itself. */
import type { Credentials, NetworkContext, Writable } from '@skein/core'
import { encodingOf } from './encoding.ts'
import { requestId, traceId } from './request-id.ts'
import type { UpgradeRequest } from './upgrade-request.ts'

const USER_AGENT_LENGTH = 256

export function networkContext(
  request: UpgradeRequest,
  subprotocol: string,
  credentials: Credentials | undefined,
): NetworkContext {
  const { headers, query } = request
  const trace = traceId(headers)
  const context: Writable<NetworkContext> = {
    encoding: encodingOf(subprotocol, query),
    requestId: requestId(headers),
    remoteAddress: request.address,
    userAgent: shared(cut(headers['user-agent'] ?? '')),
    origin: shared(cut(headers.origin ?? '')),
    connectedAt: Date.now(),
    framePing: query.get('cf_ws_frame_ping_pong') === 'true',
  }
  if (trace !== undefined) context.traceId = trace
  if (credentials !== undefined) context.credentials = credentials
  return context
}

/** A plain `slice` would keep the long string alive behind the short one. */
function cut(text: string): string {
  if (text.length <= USER_AGENT_LENGTH) return text
  return Buffer.from(text.slice(0, USER_AGENT_LENGTH), 'latin1').toString('latin1')
}

/** Thousands of connections send the same few user agents and origins: one string for all of them. */
const SHARED_LIMIT = 1000
const strings = new Map<string, string>()

function shared(text: string): string {
  const known = strings.get(text)
  if (known !== undefined) return known
  if (strings.size >= SHARED_LIMIT) strings.clear()
  strings.set(text, text)
  return text
}
