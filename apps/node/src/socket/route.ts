/** `GET /connection/websocket`, and the refusal of every other upgrade. */

import websocket from '@fastify/websocket'
import type { Credentials, SkeinNode, TokenVerifier } from '@skein/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type WebSocket from 'ws'
import type { Admission } from '../admission/admission.ts'
import type { Config } from '../config/config.ts'
import { ClientSocket, ClientWebSocket, type OnSocketError } from './client-socket.ts'
import { CLOSE_TIMEOUT_MS } from './close-timeout.ts'
import { chooseSubprotocol } from './encoding.ts'
import { checkHandshake, type Refusal, type RefusalReason, refusalOf } from './handshake.ts'
import { networkContext } from './network-context.ts'

export const SOCKET_PATH = '/connection/websocket'

/** A frame of 64 KiB in more than this many fragments is not made by any SDK; each fragment costs an object. */
const MAX_FRAGMENTS = 128

export interface SocketRouteOptions {
  readonly node: SkeinNode
  readonly tokens: TokenVerifier
  readonly admission: Admission
  readonly config: Pick<Config, 'allowedOrigins' | 'maxFrame' | 'drainWindow'>
  readonly onRefused: (reason: RefusalReason) => void
  readonly onSocketError: OnSocketError
}

/** What the checks before the upgrade leave for the handler after it. */
interface Handshake {
  readonly credentials: Credentials | undefined
  readonly reply: FastifyReply
}

async function plugin(app: FastifyInstance, options: SocketRouteOptions): Promise<void> {
  const { node, config, admission } = options
  const handshakes = new WeakMap<FastifyRequest, Handshake>()

  await app.register(websocket, {
    options: serverOptions(config.maxFrame),
    // The plugin's own closes all at once, without a code.
    preClose: () => node.drain(config.drainWindow),
  })

  app.addHook('onRequest', async (request, reply) => {
    // The demo page, too: what is let go of here should be found elsewhere.
    const leaving = admission.leaving()
    if (leaving !== undefined) return refuse(reply, refusalOf(leaving), options)
    if (request.ws && request.routeOptions.url !== SOCKET_PATH) return refuse(reply, WRONG_ROUTE, options)
  })

  app.route({
    method: 'GET',
    url: SOCKET_PATH,
    exposeHeadRoute: false,
    onRequest: async (request, reply) => {
      if (!request.ws) return
      const denial = await admission.admit()
      if (denial !== undefined) return refuse(reply, refusalOf(denial), options)
      const checked = await checkHandshake(request, { ...config, tokens: options.tokens })
      if ('refusal' in checked) return refuse(reply, checked.refusal, options)
      handshakes.set(request, { credentials: checked.credentials, reply })
    },
    handler: upgradeRequired,
    wsHandler: (ws: WebSocket, request) => {
      const handshake = handshakes.get(request)
      handshakes.delete(request)
      if (handshake !== undefined) accept(ws, request, handshake, options)
    },
  })
}

/** Not encapsulated: every route of the server must refuse upgrades. */
export const socketRoute = fastifyPlugin(plugin, { name: 'socket-route' })

function serverOptions(maxPayload: number) {
  return {
    // A class that extends WebSocket, as ws asks for; the plugin's type wants the whole module here.
    WebSocket: ClientWebSocket as never,
    maxPayload,
    maxFragments: MAX_FRAGMENTS,
    perMessageDeflate: false,
    // Core knows its connections; a second set of them, with a closure each, serves nobody.
    clientTracking: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols: chooseSubprotocol,
  }
}

function accept(
  ws: WebSocket,
  request: FastifyRequest,
  { credentials, reply }: Handshake,
  options: SocketRouteOptions,
): void {
  const net = request.raw.socket
  // The response object, and the request behind it, would otherwise stay with the socket to its end.
  reply.raw.detachSocket(net)
  const socket = new ClientSocket(ws as ClientWebSocket, net, options.onSocketError)
  const network = networkContext(request, ws.protocol, credentials)
  socket.attach(options.node.accept(socket, network))
  if (network.framePing) socket.listenForPongs()
}

const WRONG_ROUTE: Refusal = {
  status: 404,
  reason: 'route',
  error: { code: 404, message: `WebSocket connections are served at ${SOCKET_PATH}` },
}

/** The plugin destroys the socket of a refused upgrade once the answer is out. */
function refuse(
  reply: FastifyReply,
  { status, reason, error, retryAfter }: Refusal,
  options: SocketRouteOptions,
): FastifyReply {
  options.onRefused(reason)
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter))
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  return reply.code(status).header('connection', 'close').send({ error })
}

function upgradeRequired(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = { code: 426, message: 'this address speaks WebSocket only' }
  return reply.code(426).header('upgrade', 'websocket').header('connection', 'upgrade').send({ error })
}
