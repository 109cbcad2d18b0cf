/** The facts of a handshake that a connection keeps: a few short strings, and no reference to the request. */
import type { NetworkContext, Writable } from '@skein/core'
import type { FastifyRequest } from 'fastify'
import { encodingOf, first, type Query } from './encoding.ts'
import { traceId } from './request-id.ts'

const USER_AGENT_LENGTH = 256

/** `subprotocol`: the negotiated one, empty for none. */
export function networkContext(request: FastifyRequest, subprotocol: string): NetworkContext {
  const { headers, credentials } = request
  const query = request.query as Query
  const trace = traceId(headers)
  const context: Writable<NetworkContext> = {
    encoding: encodingOf(subprotocol, query),
    requestId: request.id,
    remoteAddress: request.ip ?? '',
    userAgent: shared(cut(headers['user-agent'] ?? '')),
    origin: shared(cut(headers.origin ?? '')),
    connectedAt: Date.now(),
    framePing: first(query, 'cf_ws_frame_ping_pong') === 'true',
  }
  if (trace !== undefined) context.traceId = trace
  if (credentials !== null) context.credentials = credentials
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
