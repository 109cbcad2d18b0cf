/** What is decided before the upgrade, where a refusal can still be an HTTP answer that says why. */
import { CloseError, type Credentials, ReplyError, type TokenVerifier } from '@skein/core'
import type { Denial } from '../admission/admission.ts'
import { originAllowed } from './origin.ts'
import type { Refusal } from './refusal.ts'
import type { UpgradeRequest } from './upgrade-request.ts'

export interface HandshakeRules {
  readonly allowedOrigins: readonly string[]
  readonly tokens: TokenVerifier
}

/** The credentials of a handshake that carries a token, nothing for one that does not, or why it is refused. */
export type Checked = { readonly credentials?: Credentials } | { readonly refusal: Refusal }

const NOTHING: Checked = {}

/** A promise only where there is a token. */
export function checkHandshake(request: UpgradeRequest, rules: HandshakeRules): Checked | Promise<Checked> {
  if (hasBody(request)) {
    return { refusal: { status: 400, reason: 'body', error: error(400, 'an upgrade request has no body') } }
  }
  const { origin } = request.headers
  if (origin !== undefined && !originAllowed(origin, request.host, rules.allowedOrigins)) {
    const message = 'pages of this origin may not connect: see SKEIN_ALLOWED_ORIGINS'
    return { refusal: { status: 403, reason: 'origin', error: error(403, message) } }
  }
  const token = tokenOf(request)
  return token === undefined ? NOTHING : checkToken(token, rules.tokens)
}

/** A denial as the handshake's answer. */
export function refusalOf({ reason, message, retryAfter }: Denial): Refusal {
  return { status: 503, reason, error: error(503, message), retryAfter }
}

/** Bytes behind the headers would be read as frames. */
function hasBody({ headers }: UpgradeRequest): boolean {
  const length = headers['content-length']
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}

/** `Authorization: Bearer` first, then `?token=`. An empty one counts as a token: whoever sent it meant to. */
function tokenOf({ headers, query }: UpgradeRequest): string | undefined {
  const bearer = /^bearer(?: +(.*))?$/i.exec(headers.authorization ?? '')
  if (bearer !== null) return bearer[1] ?? ''
  const [token, ...more] = query.getAll('token')
  return more.length === 0 ? token : ''
}

async function checkToken(token: string, tokens: TokenVerifier): Promise<Checked> {
  try {
    return { credentials: await tokens.connection(token) }
  } catch (failure) {
    if (failure instanceof CloseError) return unauthorized(failure.close.code, failure.close.reason)
    if (failure instanceof ReplyError) return unauthorized(failure.wire.code, failure.wire.message)
    throw failure
  }
}

function unauthorized(code: number, message: string): { readonly refusal: Refusal } {
  return { refusal: { status: 401, reason: 'token', error: error(code, message) } }
}

const error = (code: number, message: string) => ({ code, message })
