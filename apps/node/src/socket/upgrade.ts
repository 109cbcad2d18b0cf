/**
 * From an upgrade request to a connection, or to a refusal. Node's event is handled as it comes and not sent through
 * Fastify's router: its request, response and hooks were a quarter of what opening a connection cost (docs/performance.md).
 * Nothing is waited for, and no promise made, unless the handshake has to wait its turn or carries a token.
 */
import type { IncomingMessage } from 'node:http'
import type { Socket as NetSocket } from 'node:net'
import type { Credentials, SkeinNode, TokenVerifier } from '@skein/core'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Admission, Denial } from '../admission/admission.ts'
import type { Config } from '../config/config.ts'
import { ClientSocket, ClientWebSocket, type OnSocketError } from './client-socket.ts'
import { CLOSE_TIMEOUT_MS } from './close-timeout.ts'
import type { Compression } from './compression/compression.ts'
import { chooseSubprotocol } from './encoding.ts'
import { checkHandshake, refusalOf } from './handshake.ts'
import { networkContext } from './network-context.ts'
import { type Refusal, type RefusalReason, writeRefusal } from './refusal.ts'
import { type Trust, trustOf, UpgradeRequest } from './upgrade-request.ts'

export const SOCKET_PATH = '/connection/websocket'

/** A frame of 64 KiB in more than this many fragments is not made by any SDK; each fragment costs an object. */
const MAX_FRAGMENTS = 128

export interface UpgradeOptions {
  readonly node: SkeinNode
  readonly tokens: TokenVerifier
  readonly admission: Admission
  readonly config: Pick<Config, 'allowedOrigins' | 'maxFrame' | 'trustedProxies'>
  /** Absent: none is agreed on. */
  readonly compression?: Compression | undefined
  readonly onRefused: (reason: RefusalReason) => void
  readonly onSocketError: OnSocketError
  /** Hears of what is a mistake of this program. */
  readonly onFailure: (error: unknown) => void
}

type Decision = { readonly refusal: Refusal } | { readonly credentials?: Credentials }

const WRONG_ROUTE: Refusal = {
  status: 404,
  reason: 'route',
  error: { code: 404, message: `WebSocket connections are served at ${SOCKET_PATH}` },
}

export class Upgrades {
  readonly #options: UpgradeOptions
  readonly #server: WebSocketServer
  readonly #trust: Trust | undefined

  constructor(options: UpgradeOptions) {
    this.#options = options
    this.#server = serverOf(options.config.maxFrame, options.compression)
    this.#trust = trustOf(options.config.trustedProxies)
  }

  /** For the event `upgrade` of Node's HTTP server; `head`: what came behind the request already. */
  readonly handle = (raw: IncomingMessage, socket: NetSocket, head: Buffer): void => {
    const request = new UpgradeRequest(raw, this.#trust)
    const decision = this.#decide(request)
    if (!(decision instanceof Promise)) {
      this.#obey(decision, raw, request, socket, head)
      return
    }
    // Node has taken its own listener away, and an error without one ends the process.
    socket.on('error', destroy)
    decision
      .then((decided) => {
        socket.off('error', destroy)
        this.#obey(decided, raw, request, socket, head)
      })
      .catch((error: unknown) => {
        this.#options.onFailure(error)
        socket.destroy()
      })
  }

  #decide(request: UpgradeRequest): Decision | Promise<Decision> {
    const leaving = this.#options.admission.leaving()
    if (leaving !== undefined) return { refusal: refusalOf(leaving) }
    if (request.path !== SOCKET_PATH) return { refusal: WRONG_ROUTE }
    const turn = this.#options.admission.admit()
    return turn instanceof Promise
      ? turn.then((denial) => this.#check(request, denial))
      : this.#check(request, turn)
  }

  #check(request: UpgradeRequest, denial: Denial | undefined): Decision | Promise<Decision> {
    if (denial !== undefined) return { refusal: refusalOf(denial) }
    const { config, tokens } = this.#options
    return checkHandshake(request, { allowedOrigins: config.allowedOrigins, tokens })
  }

  #obey(
    decision: Decision,
    raw: IncomingMessage,
    request: UpgradeRequest,
    socket: NetSocket,
    head: Buffer,
  ): void {
    if ('refusal' in decision) {
      this.#options.onRefused(decision.refusal.reason)
      socket.on('error', destroy)
      writeRefusal(socket, decision.refusal)
      return
    }
    this.#options.compression?.screen(raw.headers)
    // What is wrong with the request as a WebSocket handshake, ws finds and answers; otherwise it calls back at once.
    this.#server.handleUpgrade(raw, socket, head, (ws) =>
      this.#accept(ws, request, socket, decision.credentials),
    )
  }

  #accept(
    ws: WebSocket,
    request: UpgradeRequest,
    net: NetSocket,
    credentials: Credentials | undefined,
  ): void {
    const { onSocketError, compression } = this.#options
    const socket = new ClientSocket(ws as ClientWebSocket, net, onSocketError, compression?.adopt(ws))
    const network = networkContext(request, ws.protocol, credentials)
    socket.attach(this.#options.node.accept(socket, network))
    if (network.framePing) socket.listenForPongs()
  }
}

function serverOf(maxPayload: number, compression: Compression | undefined): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    // A class that extends WebSocket, as ws asks for.
    WebSocket: ClientWebSocket as unknown as typeof WebSocket,
    maxPayload,
    maxFragments: MAX_FRAGMENTS,
    perMessageDeflate: compression?.terms ?? false,
    // Core knows its connections; a second set of them, with a closure each, serves nobody.
    clientTracking: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols: chooseSubprotocol,
  } as ConstructorParameters<typeof WebSocketServer>[0])
}

function destroy(this: NetSocket): void {
  this.destroy()
}
