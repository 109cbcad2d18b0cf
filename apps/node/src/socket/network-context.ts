/** What is kept of an upgrade request: a few short strings, and no reference to the request itself. */
import type { Credentials, NetworkContext } from '@skein/core'
import type { FastifyRequest } from 'fastify'
import { type EncodingQuery, encodingOf } from './encoding.ts'
import { traceId } from './request-id.ts'

const USER_AGENT_LENGTH = 256

export function networkContext(
  request: FastifyRequest,
  subprotocol: string,
  credentials: Credentials | undefined,
): NetworkContext {
  const { headers } = request
  const query = request.query as EncodingQuery & { readonly cf_ws_frame_ping_pong?: unknown }
  const trace = traceId(headers)
  return {
    encoding: encodingOf(subprotocol, query),
    requestId: request.id,
    remoteAddress: request.ip,
    userAgent: shared(cut(headers['user-agent'] ?? '')),
    origin: shared(cut(headers.origin ?? '')),
    connectedAt: Date.now(),
    framePing: query.cf_ws_frame_ping_pong === 'true',
    ...(trace !== undefined && { traceId: trace }),
    ...(credentials !== undefined && { credentials }),
  }
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
