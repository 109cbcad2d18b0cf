import {
  because,
  CLOSE,
  type ConnectRequest,
  type ConnectResult,
  ERROR,
  type SubscribeResult,
} from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import { runHook } from '../connection/run-hook.ts'
import { CloseError, ReplyError } from '../errors.ts'
import type { ConnectDecision, ConnectEvent } from '../hooks.ts'
import type { ServerSubscription, Session } from '../ports.ts'
import type { Credentials } from '../socket.ts'
import { serverOrder, serverSubscriptions } from '../subscription/server-subscriptions.ts'
import { Abandoned, type Prepared, prepare } from '../subscription/subscribe.ts'
import { TurnstileFull } from '../util/turnstile.ts'
import type { Writable } from '../util/writable.ts'
import type { Answer } from './answer.ts'
import type { HandlerContext } from './context.ts'
import { ttlOf } from './ttl.ts'
import { verifyToken } from './verify-token.ts'

/**
 * Verifies the credentials, adds the session, then sets up the server-side subscriptions. A turnstile bounds
 * the commands in progress. Errors: 109 (token expired), 100 (temporary), and those of the hook; closes with
 * 3500 (invalid token), 3501 (no credentials), 3505 (too many channels), 3013 (too many wait).
 *
 * One async function instead of one for each step: each costs a promise, a frame and a turn of the microtask
 * queue.
 */
export async function handleConnect(
  node: HandlerContext,
  connection: Connection,
  request: ConnectRequest,
): Promise<Answer<'connect'>> {
  const started = node.clock.monotonic()
  connection.state = 'authenticating'
  const turn = enter(node, connection)
  if (turn !== undefined) await turn
  try {
    assertOpen(connection)
    connection.sdk = request.name ?? ''
    const { token } = request
    // The hook may replace the credentials of the token or of the handshake.
    const claimed =
      token === undefined || token === '' ? connection.network.credentials : await verifyToken(node, token)
    const event = node.hooks.onConnect && eventOf(connection, request, claimed)
    const decision = event && (await node.hooks.onConnect?.(event))
    const credentials = accepted(node, decision?.credentials ?? claimed ?? anonymous(node))
    assertOpen(connection)
    const wanted = serverSubscriptions(node, credentials, decision)
    connection.authenticate(decision === undefined ? credentials : byToken(credentials, decision))
    await node.cluster.sessions.add(sessionOf(connection))
    const prepared = wanted.size === 0 ? NONE : await subscribeAll(node, connection, request, wanted)
    return {
      result: describe(node, connection, decision, prepared),
      afterwards: () => establish(node, connection, prepared, started),
    }
  } finally {
    node.connects.leave()
  }
}

const NONE: readonly Prepared[] = []

/** See {@link Turnstile.enter}. Closes the connection if too many commands wait. */
function enter(node: HandlerContext, connection: Connection): Promise<void> | undefined {
  try {
    return node.connects.enter()
  } catch (error) {
    if (!(error instanceof TurnstileFull)) throw error
    node.events.emit('overflow', { queue: 'connect', policy: 'close', client: connection })
    connection.close(CLOSE.tooManyRequests)
    throw new Abandoned()
  }
}

function assertOpen(connection: Connection): void {
  if (!connection.open) throw new Abandoned()
}

function eventOf(
  { client, network }: Connection,
  { data, name = '', version = '' }: ConnectRequest,
  credentials: Credentials | undefined,
): ConnectEvent {
  return { client, network, credentials, data, name, version }
}

function accepted(node: HandlerContext, credentials: Credentials): Credentials {
  if (credentials.user === '' && !node.allowAnonymous)
    throw new CloseError(because(CLOSE.permissionDenied, 'the token names no user'))
  if (credentials.expireAt !== undefined && credentials.expireAt * 1000 <= node.clock.now())
    throw new ReplyError(ERROR.expired)
  return credentials
}

/** Without the channels that the hook granted: a refresh must not end them. */
function byToken(credentials: Credentials, decision: ConnectDecision): Credentials {
  if (credentials.channels === undefined) return credentials
  const { channels, ...rest } = credentials
  if (decision.credentials !== undefined) return rest
  const granted = Object.entries(channels).filter(([channel]) => decision.channels?.[channel] === undefined)
  return { ...rest, channels: Object.fromEntries(granted) }
}

/** A client without credentials receives a temporary user id, if the node allows it. */
function anonymous(node: HandlerContext): Credentials {
  if (!node.allowAnonymous) throw new CloseError(because(CLOSE.badRequest, 'connect without a token'))
  return { user: `anon-${node.newId()}` }
}

function sessionOf({ client, user, network }: Connection): Omit<Session, 'node'> {
  const { connectedAt, remoteAddress, userAgent } = network
  return { client, user, connectedAt, meta: { address: remoteAddress, userAgent } }
}

async function subscribeAll(
  node: HandlerContext,
  connection: Connection,
  request: ConnectRequest,
  wanted: ReadonlyMap<string, ServerSubscription>,
): Promise<readonly Prepared[]> {
  if (wanted.size > node.limits.subscriptionsPerConnection) throw new CloseError(CLOSE.channelLimit)
  const orders = [...wanted].map(([channel, options]) =>
    serverOrder(node, connection.user, channel, options, request.subs?.[channel]),
  )
  return await Promise.all(orders.map((order) => prepare(node, connection, order)))
}

function establish(
  node: HandlerContext,
  connection: Connection,
  prepared: readonly Prepared[],
  started: number,
): void {
  connection.establish()
  for (const { live } of prepared) live()
  const { sdk } = connection
  node.events.emit('connectionEstablished', {
    client: connection,
    sdk,
    ms: node.clock.monotonic() - started, // Includes the wait at the turnstile.
  })
  if (node.hooks.onConnected !== undefined)
    runHook(node.events, 'onConnected', connection, () => node.hooks.onConnected?.(connection))
}

function describe(
  node: HandlerContext,
  connection: Connection,
  decision: ConnectDecision | undefined,
  prepared: readonly Prepared[],
): ConnectResult {
  const expireAt = connection.credentials?.expireAt
  const { pingInterval } = node.limits
  const result: Writable<ConnectResult> = {
    client: connection.client,
    version: node.version,
    node: node.name,
  }
  if (expireAt !== undefined) {
    result.expires = true
    result.ttl = ttlOf(expireAt, node.clock)
  }
  if (decision?.data !== undefined) result.data = decision.data
  if (prepared.length > 0) result.subs = byChannel(prepared)
  if (pingInterval > 0 && !connection.network.framePing) {
    result.ping = Math.max(1, Math.round(pingInterval / 1000))
    result.pong = true
  }
  return result
}

/**
 * Without a prototype it is a hash table from the start: most connections have a channel of their own in it.
 */
function byChannel(prepared: readonly Prepared[]): Record<string, SubscribeResult> {
  const subs: Record<string, SubscribeResult> = Object.create(null)
  for (const { channel, result } of prepared) subs[channel] = result
  return subs
}
