/**
 * Builds the two HTTP servers of a node: the public one speaks WebSocket, the internal one answers probes, Prometheus and
 * the server API. Nothing listens here, so that tests can use them by `inject`; `start.ts` does.
 */
import type { IncomingMessage } from 'node:http'
import type { SkeinNode, TokenVerifier } from '@skein/core'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Admission } from './admission/admission.ts'
import type { RpcMethod } from './api/method.ts'
import { apiPlugin } from './api/plugin.ts'
import type { Config } from './config/config.ts'
import { demo } from './demo/plugin.ts'
import { docs } from './http/docs.ts'
import { plainErrors } from './http/errors.ts'
import { probes, type Readiness } from './http/probes.ts'
import type { Metrics } from './metrics/metrics.ts'
import { Maintenance } from './process/maintenance.ts'
import { Compression } from './socket/compression/compression.ts'
import { requestId } from './socket/request-id.ts'
import { socketRoute } from './socket/route.ts'
import { VERSION } from './version.ts'

/** What both servers are made of. */
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

/** A handshake that takes longer is an attack or a dead line. */
const HEADERS_TIMEOUT_MS = 8000
const REQUEST_TIMEOUT_MS = 10_000
/** How often those are looked at; by default every 30 s, which would make them meaningless. */
const TIMEOUT_CHECK_MS = 2000
const MAX_HEADERS = 100
/** Beside the connections there are, those that come or are refused: of the reserve in `open-files.ts` a half. */
const HANDSHAKING = { share: 0.05, atLeast: 32 }
/** Of the public listener: only the demo page posts anything, a name. */
const PUBLIC_BODY = 16_384

function server(
  log: FastifyBaseLogger,
  trustedProxies: readonly string[],
  bodyLimit: number,
): FastifyInstance {
  const app = Fastify({
    loggerInstance: log,
    // A line for each connection would be most of the log; what matters of them comes from core's events.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request' }),
    genReqId: (raw: IncomingMessage) => requestId(raw.headers),
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    bodyLimit,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_MS },
    // Fastify's own answer while closing leaves the socket of an upgrade open; the socket route has a better one.
    return503OnClosing: false,
  })
  app.server.maxHeadersCount = MAX_HEADERS
  plainErrors(app)
  return app
}

/** `/connection/websocket`, and the demo page where it is on. To be closed once the node has drained. */
export async function buildPublicApp({
  config,
  node,
  tokens,
  admission,
  metrics,
  log,
}: AppParts): Promise<FastifyInstance> {
  const app = server(log, config.trustedProxies, PUBLIC_BODY)
  boundSockets(app, admission.maxConnections, metrics)
  await app.register(socketRoute, {
    node,
    tokens,
    admission,
    config,
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
 * TCP connections that ask for nothing yet cost a file, too. Those beyond are closed as they come, so that Redis and the
 * probes still get theirs; with nginx in front that is another node's turn.
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
