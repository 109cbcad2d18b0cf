/**
 * Builds the two HTTP servers of a node: the public one serves WebSocket, the internal one serves probes,
 * Prometheus and the server API. `start.ts` makes them listen; tests use `inject`.
 */
import type { IncomingMessage } from 'node:http'
import type { SkeinNode, TokenVerifier } from '@skein/core'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Admission } from './admission/admission.ts'
import type { RpcMethod } from './api/method.ts'
import { apiPlugin } from './api/plugin.ts'
import type { Config } from './config/config.ts'
import { demo } from './demo/plugin.ts'
import { createRequestIds } from './handshake/request-id.ts'
import { socketRoute } from './handshake/route.ts'
import { docs } from './http/docs.ts'
import { plainErrors } from './http/errors.ts'
import { probes, type Readiness } from './http/probes.ts'
import type { Metrics } from './metrics/metrics.ts'
import { Maintenance } from './process/maintenance.ts'
import { Compression } from './socket/compression/compression.ts'
import { VERSION } from './version.ts'

/** The parts that the servers use. */
export interface AppParts {
  readonly config: Config
  readonly node: SkeinNode
  readonly tokens: TokenVerifier
  readonly admission: Admission
  readonly metrics: Metrics
  readonly log: FastifyBaseLogger
  /** Methods of the application, for `/api/rpc`. */
  readonly rpc: ReadonlyMap<string, RpcMethod>
}

/** A slower handshake is an attack or a dead connection. */
const HEADERS_TIMEOUT_MS = 8000
const REQUEST_TIMEOUT_MS = 10_000
/** Interval of the check of these timeouts. Node's default of 30 s exceeds both. */
const TIMEOUT_CHECK_MS = 2000
const MAX_HEADERS = 100
/** TCP connections besides the WebSocket connections: half of the reserve in `open-files.ts`. */
const HANDSHAKING = { share: 0.05, atLeast: 32 }
/** Of the public listener, bytes: only the demo page sends a body, a name. */
const PUBLIC_BODY_BYTES = 16_384

function server(
  log: FastifyBaseLogger,
  trustedProxies: readonly string[],
  bodyLimit: number,
): FastifyInstance {
  const requestId = createRequestIds()
  const app = Fastify({
    loggerInstance: log,
    // One line for each request would be most of the log. Core's events are logged instead.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request' }),
    genReqId: (raw: IncomingMessage) => requestId(raw.headers),
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    bodyLimit,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_MS },
    // Fastify's own reply leaves the socket of an upgrade open. The hook of the socket route replies instead.
    return503OnClosing: false,
  })
  app.server.maxHeadersCount = MAX_HEADERS
  plainErrors(app)
  return app
}

/** `/connection/websocket`, and the demo page if enabled. Close it after the node has drained. */
export async function buildPublicApp({
  config,
  node,
  tokens,
  admission,
  metrics,
  log,
}: AppParts): Promise<FastifyInstance> {
  const app = server(log, config.trustedProxies, PUBLIC_BODY_BYTES)
  boundSockets(app, admission.maxConnections, metrics)
  await app.register(socketRoute, {
    node,
    tokens,
    admission,
    allowedOrigins: config.allowedOrigins,
    maxFrame: config.maxFrame,
    fastPaths: config.fastPaths === 'on',
    compression: compressionOf(config, metrics),
    onRefused: metrics.handshakeRefused,
    onSocketError: metrics.socketError,
  })
  if (config.demo) await app.register(demo, config)
  return app
}

function compressionOf({ compression, maxFrame }: Config, observer: Metrics): Compression | undefined {
  return compression === 'shared' ? new Compression({ maxFrame, observer }) : undefined
}

/**
 * Limits TCP connections: each costs an open file, also without a request. Node closes further ones at once,
 * which keeps files for Redis and for probes. nginx then tries another node.
 */
function boundSockets(app: FastifyInstance, connections: number, metrics: Metrics): void {
  if (connections === Number.POSITIVE_INFINITY) return
  app.server.maxConnections =
    connections + Math.max(HANDSHAKING.atLeast, Math.floor(connections * HANDSHAKING.share))
  app.server.on('drop', () => metrics.handshakeRefused('files'))
}

/** `/livez`, `/readyz`, `/metrics`, `/docs`, `/api/*`. */
export async function buildInternalApp(
  { config, node, metrics, log, rpc }: AppParts,
  ready: () => Promise<Readiness>,
): Promise<FastifyInstance> {
  const app = server(log, [], config.apiMaxBody)
  await docs(app, VERSION)
  await app.register(probes, { node, ready, name: config.nodeName, version: VERSION })
  app.get('/metrics', { schema: { summary: 'For Prometheus', tags: ['probes'] } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
  const observer = {
    apiCalled: metrics.apiCalled,
    unforeseen: (method: string, error: unknown) =>
      log.error({ method, err: error }, 'a method of the server API failed'),
  }
  const maintenance = new Maintenance(node, config.drainWindow, (error) =>
    log.error({ err: error }, 'the drain failed'),
  )
  await app.register(apiPlugin, {
    prefix: '/api',
    server: { node, rpc, observer, name: config.nodeName, maintenance },
    apiKey: config.apiKey,
    apiKeyPrevious: config.apiKeyPrevious,
    maxBody: config.apiMaxBody,
  })
  return app
}
