import {
  because,
  CLOSE,
  type ConnectRequest,
  type ConnectResult,
  ERROR,
  type SubscribeResult,
} from '@skein/protocol'
import type { Connection } from '../connection.ts'
import type { Answer } from '../dispatch.ts'
import { CloseError, ReplyError } from '../errors.ts'
import type { ConnectDecision } from '../hooks.ts'
import type { NodeContext } from '../node-context.ts'
import type { ServerSubscription } from '../ports.ts'
import { serverOrder, serverSubscriptions } from '../server-subscriptions.ts'
import type { Credentials } from '../socket.ts'
import { Abandoned, type Prepared, prepare } from '../subscribe.ts'
import { TurnstileFull } from '../turnstile.ts'
import { verifyToken } from '../verify-token.ts'
import type { Writable } from '../writable.ts'

/**
 * Security, then session, then the server-side subscriptions; so many connections at a time, the others in their order.
 * Errors: 109 (token expired), 100 (temporary), and what the hook throws; closes with 3500 (invalid token), 3501 (no
 * credentials), 3505 (too many channels), 3013 (too many wait).
 */
export async function handleConnect(
  node: NodeContext,
  connection: Connection,
  request: ConnectRequest,
): Promise<Answer<'connect'>> {
  const started = node.clock.monotonic()
  connection.state = 'authenticating'
  try {
    return await node.connects.pass(() => connect(node, connection, request, started))
  } catch (error) {
    if (!(error instanceof TurnstileFull)) throw error
    node.events.emit('overflow', { queue: 'connect', policy: 'close', client: connection })
    connection.close(CLOSE.tooManyRequests)
    throw new Abandoned()
  }
}

/** `started`: monotonic ms when the command came, so that waiting is seen in the metrics. */
async function connect(
  node: NodeContext,
  connection: Connection,
  request: ConnectRequest,
  started: number,
): Promise<Answer<'connect'>> {
  if (!connection.open) throw new Abandoned() // it left while it waited
  connection.sdk = request.name ?? ''
  const { credentials, decision } = await authenticate(node, connection, request)
  if (!connection.open) throw new Abandoned()
  connection.authenticate(credentials)
  await node.cluster.sessions.add({
    client: connection.client,
    user: connection.user,
    connectedAt: connection.network.connectedAt,
    meta: { address: connection.network.remoteAddress, userAgent: connection.network.userAgent },
  })
  const prepared = await subscribeAll(
    node,
    connection,
    request,
    serverSubscriptions(node, credentials, decision),
  )
  return {
    result: describe(node, connection, decision, prepared),
    afterwards: () => {
      connection.establish()
      for (const { live } of prepared.values()) live()
      node.events.emit('connectionEstablished', {
        client: connection,
        sdk: connection.sdk,
        ms: node.clock.monotonic() - started,
      })
      const told = async (): Promise<void> => node.hooks.onConnected?.(connection)
      told().catch((error: unknown) =>
        node.events.emit('internalError', { where: 'onConnected', error, client: connection }),
      )
    },
  }
}

const NONE: ReadonlyMap<string, Prepared> = new Map()

interface Authenticated {
  readonly credentials: Credentials
  readonly decision: ConnectDecision | undefined
}

/** The token's word, or the handshake's; the hook may replace either; a stranger gets a temporary user id or is refused. */
async function authenticate(
  node: NodeContext,
  connection: Connection,
  request: ConnectRequest,
): Promise<Authenticated> {
  const claimed = await claim(node, connection, request)
  const decision = await node.hooks.onConnect?.({
    client: connection.client,
    network: connection.network,
    credentials: claimed,
    data: request.data,
    name: request.name ?? '',
    version: request.version ?? '',
  })
  const credentials = decision?.credentials ?? claimed ?? anonymous(node)
  if (credentials.user === '' && !node.allowAnonymous)
    throw new CloseError(because(CLOSE.permissionDenied, 'the token names no user'))
  if (credentials.expireAt !== undefined && credentials.expireAt * 1000 <= node.clock.now())
    throw new ReplyError(ERROR.expired)
  return { credentials, decision }
}

async function claim(
  node: NodeContext,
  connection: Connection,
  request: ConnectRequest,
): Promise<Credentials | undefined> {
  const { token } = request
  if (token === undefined || token === '') return connection.network.credentials
  const bytes = token.length // JWTs are ASCII
  if (bytes > node.limits.tokenLength) {
    throw new CloseError(because(CLOSE.invalidToken, `it is longer than ${node.limits.tokenLength} bytes`))
  }
  return verifyToken(node, token)
}

function anonymous(node: NodeContext): Credentials {
  if (!node.allowAnonymous) throw new CloseError(because(CLOSE.badRequest, 'connect without a token'))
  return { user: `anon-${node.newId()}` }
}

async function subscribeAll(
  node: NodeContext,
  connection: Connection,
  request: ConnectRequest,
  wanted: ReadonlyMap<string, ServerSubscription>,
): Promise<ReadonlyMap<string, Prepared>> {
  if (wanted.size === 0) return NONE
  if (wanted.size > node.limits.subscriptionsPerConnection) throw new CloseError(CLOSE.channelLimit)
  const orders = [...wanted].map(([channel, options]) =>
    serverOrder(node, channel, options, request.subs?.[channel]),
  )
  const prepared = await Promise.all(
    orders.map(async (order) => [order.channel, await prepare(node, connection, order)] as const),
  )
  return new Map(prepared)
}

function describe(
  node: NodeContext,
  connection: Connection,
  decision: ConnectDecision | undefined,
  prepared: ReadonlyMap<string, Prepared>,
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
    result.ttl = Math.max(1, Math.ceil(expireAt - node.clock.now() / 1000))
  }
  if (decision?.data !== undefined) result.data = decision.data
  if (prepared.size > 0) {
    const subs: Record<string, SubscribeResult> = {}
    for (const [channel, { result: sub }] of prepared) subs[channel] = sub
    result.subs = subs
  }
  if (pingInterval > 0 && !connection.network.framePing) {
    result.ping = Math.max(1, Math.round(pingInterval / 1000))
    result.pong = true
  }
  return result
}
