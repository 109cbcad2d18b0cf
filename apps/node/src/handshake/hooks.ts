/** Decisions about a handshake before the upgrade, as Fastify hooks: a refusal is an ordinary HTTP reply. */
import type { ServerResponse } from 'node:http'
import { CloseError, type Credentials, ReplyError, type TokenVerifier } from '@skein/core'
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction, onRequestHookHandler } from 'fastify'
import type { Admission, Denial } from '../admission/admission.ts'
import type { Compression } from '../socket/compression/compression.ts'
import { originAllowed } from './origin.ts'
import { type Refusal, type RefusalReason, refuse } from './refusal.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the token in the handshake, if it carries one. */
    credentials: Credentials | null
    /** Of an admitted handshake. */
    response: ServerResponse | null
  }
}

export interface HookOptions {
  /** Of the WebSocket route. */
  readonly path: string
  readonly tokens: TokenVerifier
  readonly admission: Admission
  readonly allowedOrigins: readonly string[]
  /** Undefined: no compression is negotiated. */
  readonly compression?: Compression | undefined
  readonly onRefused: (reason: RefusalReason) => void
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void

const BODY = refusal(400, 'body', 'an upgrade request has no body')
const ORIGIN = refusal(403, 'origin', 'pages of this origin may not connect: see SKEIN_ALLOWED_ORIGINS')

/** For every request of the server, the demo page included: a draining node answers none. */
export function serverHook({ path, admission, onRefused }: HookOptions): onRequestHookHandler {
  const wrongRoute = refusal(404, 'route', `WebSocket connections are served at ${path}`)
  return (request, reply, done) => {
    const leaving = admission.leaving()
    if (leaving !== undefined) refuse(reply, denied(leaving), onRefused)
    else if (request.ws && request.routeOptions.url !== path) refuse(reply, wrongRoute, onRefused)
    else done()
  }
}

/** For the WebSocket route. No hook makes a promise unless the handshake waits or carries a token. */
export function handshakeHooks(options: HookOptions): onRequestHookHandler[] {
  const { compression } = options
  const hooks: Hook[] = [requireUpgrade, admit(options), check(options), authenticate(options)]
  if (compression !== undefined) {
    hooks.push((request, _reply, done) => {
      compression.screen(request.raw.headers)
      done()
    })
  }
  return hooks
}

function requireUpgrade(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const { 'sec-websocket-version': version } = request.headers
  if (request.raw.httpVersion === '1.0' && request.ws) {
    end(reply.code(505), 505, 'a WebSocket needs HTTP/1.1')
    return
  }
  if (request.ws && version !== undefined && String(version) !== '13') {
    end(reply.code(426).header('sec-websocket-version', '13'), 426, 'WebSocket version 13 only')
    return
  }
  if (request.ws) {
    request.response = reply.raw
    done()
    return
  }
  const error = { code: 426, message: 'this address speaks WebSocket only' }
  reply.code(426).header('upgrade', 'websocket').header('connection', 'upgrade').send({ error })
}

function end(reply: FastifyReply, code: number, message: string): void {
  reply.header('connection', 'close').send({ error: { code, message } })
}

function admit({ admission, onRefused }: HookOptions): Hook {
  return (_request, reply, done) => {
    const proceed = (denial: Denial | undefined): void => {
      if (denial === undefined) done()
      else refuse(reply, denied(denial), onRefused)
    }
    const turn = admission.admit()
    if (turn instanceof Promise) turn.then(proceed, done)
    else proceed(turn)
  }
}

function check({ allowedOrigins, onRefused }: HookOptions): Hook {
  return (request, reply, done) => {
    const { origin } = request.headers
    if (hasBody(request)) refuse(reply, BODY, onRefused)
    // Not `request.host`: Fastify takes it from X-Forwarded-Host, which the client may have written.
    else if (origin !== undefined && !originAllowed(origin, request.headers.host, allowedOrigins))
      refuse(reply, ORIGIN, onRefused)
    else done()
  }
}

function authenticate({ tokens, onRefused }: HookOptions): Hook {
  return (request, reply, done) => {
    const token = tokenOf(request)
    if (token === undefined) {
      done()
      return
    }
    verify(token, tokens).then((result) => {
      if ('status' in result) return refuse(reply, result, onRefused)
      request.credentials = result
      done()
    }, done)
  }
}

/** Bytes after the headers would be read as frames. */
function hasBody({ headers }: FastifyRequest): boolean {
  const length = headers['content-length']
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}

/** `Authorization: Bearer` first, then `?token=`. An empty or repeated one is a token, and an invalid one. */
function tokenOf({ headers, query }: FastifyRequest): string | undefined {
  const { authorization } = headers
  const bearer = authorization === undefined ? null : /^bearer(?: +(.*))?$/i.exec(authorization)
  if (bearer !== null) return bearer[1] ?? ''
  const { token } = query as { readonly token?: string | readonly string[] }
  return Array.isArray(token) ? '' : (token as string | undefined)
}

async function verify(token: string, tokens: TokenVerifier): Promise<Credentials | Refusal> {
  try {
    return await tokens.connection(token)
  } catch (failure) {
    if (failure instanceof CloseError) return unauthorized(failure.close.code, failure.close.reason)
    if (failure instanceof ReplyError) return unauthorized(failure.wire.code, failure.wire.message)
    throw failure
  }
}

function unauthorized(code: number, message: string): Refusal {
  return { status: 401, reason: 'token', error: { code, message } }
}

function denied({ reason, message, retryAfter }: Denial): Refusal {
  return { ...refusal(503, reason, message), retryAfter }
}

function refusal(status: number, reason: RefusalReason, message: string): Refusal {
  return { status, reason, error: { code: status, message } }
}
