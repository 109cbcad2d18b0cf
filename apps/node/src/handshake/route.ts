/**
 * `GET /connection/websocket`: @fastify/websocket accepts the sockets, the hooks decide before the upgrade.
 * An open connection keeps nothing of its request, reply and response.
 */
import type { IncomingMessage } from 'node:http'
import type { Socket as NetSocket } from 'node:net'
import fastifyWebsocket, { type WebsocketPluginOptions } from '@fastify/websocket'
import type { SkeinNode } from '@skein/core'
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { WebSocket } from 'ws'
import { ClientSocket, ClientWebSocket, type OnSocketError } from '../socket/client-socket.ts'
import { CLOSE_TIMEOUT_MS } from '../socket/close-timeout.ts'
import type { Compression } from '../socket/compression/compression.ts'
import { DirectWriter } from '../socket/internals/direct-write.ts'
import { chooseSubprotocol } from './encoding.ts'
import { type HookOptions, handshakeHooks, serverHook } from './hooks.ts'
import { networkContext } from './network-context.ts'

type ServerOptions = NonNullable<WebsocketPluginOptions['options']>

export const SOCKET_PATH = '/connection/websocket'

/** No SDK sends a frame of 64 KiB in more fragments than this. Each fragment costs an object. */
const MAX_FRAGMENTS = 128

export interface SocketRouteOptions extends Omit<HookOptions, 'path'> {
  readonly node: SkeinNode
  readonly onSocketError: OnSocketError
  readonly maxFrame: number
  /** Use of private members of Node: see `socket/internals/README.md`. */
  readonly fastPaths: boolean
}

async function plugin(app: FastifyInstance, options: SocketRouteOptions): Promise<void> {
  const { compression } = options
  await app.register(fastifyWebsocket, {
    options: serverOptions(options.maxFrame, compression),
    errorHandler: (error, socket) => {
      app.log.error({ err: error }, 'an upgrade failed')
      socket.terminate()
    },
    // Core closes the connections when it drains. The route answers with 503 until the server is closed.
    preClose: (done) => done(),
  })
  app.decorateRequest('credentials', null)
  app.decorateRequest('response', null)
  endUndispatched(app)
  const hooks = { ...options, path: SOCKET_PATH }
  const writer = options.fastPaths ? new DirectWriter() : undefined
  app.addHook('onRequest', serverHook(hooks))
  app.route({
    method: 'GET',
    url: SOCKET_PATH,
    websocket: true,
    exposeHeadRoute: false,
    // Without a child logger for each handshake: the route logs failures only.
    childLoggerFactory: (log: FastifyBaseLogger) => log,
    onRequest: handshakeHooks(hooks),
    handler: (ws, request) => accept(ws, request, options, writer),
  })
}

/** Not encapsulated: its hook refuses the upgrades of every other route. */
export const socketRoute = fastifyPlugin(plugin, { name: 'socket-route' })

function serverOptions(maxPayload: number, compression: Compression | undefined): ServerOptions {
  return {
    // A class that extends WebSocket, as ws requires.
    WebSocket: ClientWebSocket as unknown as NonNullable<ServerOptions['WebSocket']>,
    maxPayload,
    maxFragments: MAX_FRAGMENTS,
    perMessageDeflate: compression?.terms ?? false,
    // Core has its own table of connections.
    clientTracking: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols: chooseSubprotocol,
  } as ServerOptions
}

/** Synchronous: ws delivers the first message in the same turn. */
function accept(
  ws: WebSocket,
  request: FastifyRequest,
  { node, onSocketError, compression }: SocketRouteOptions,
  writer: DirectWriter | undefined,
): void {
  const { response } = request
  const net = response?.socket
  if (!(ws instanceof ClientWebSocket) || net === undefined || net === null)
    throw new Error('no socket to serve')
  response?.detachSocket(net)
  const socket = new ClientSocket(ws, net, onSocketError, compression?.adopt(ws), writer)
  const network = networkContext(request, ws.protocol)
  socket.attach(node.accept(socket, network))
  if (network.framePing) socket.listenForPongs()
}

/**
 * Ends the socket of an upgrade that runs no hook. Fastify answers a malformed URL by itself; the plugin only
 * logs an upgrade that is pipelined behind an unfinished reply. Neither closes the socket.
 */
function endUndispatched(app: FastifyInstance): void {
  let dispatched: IncomingMessage | undefined
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.ws) dispatched = request.raw
    done()
  })
  app.server.on('upgrade', (raw: IncomingMessage, socket: NetSocket) => {
    if (dispatched !== raw) socket.destroySoon()
    dispatched = undefined
  })
}
