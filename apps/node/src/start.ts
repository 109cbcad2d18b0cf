/** Starts a node and ends it: the one place where everything meets. */
import type { AddressInfo, Socket as NetSocket } from 'node:net'
import type { Chat } from '@skein/chat'
import {
  type Cluster,
  createMemoryBus,
  createMemoryCluster,
  createNode,
  type Hooks,
  type SkeinNode,
  systemClock,
} from '@skein/core'
import { createRedisCluster, type RedisCluster } from '@skein/redis'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { startAdmission, type Watches } from './admission/start.ts'
import type { RpcMethod } from './api/method.ts'
import { type AppParts, buildInternalApp, buildPublicApp } from './app.ts'
import { type ChatStart, type RunningChat, startChat } from './chat/chat.ts'
import { chatMethods } from './chat/chat-api.ts'
import type { Config } from './config/config.ts'
import { closeServer } from './http/close.ts'
import type { Readiness } from './http/probes.ts'
import { logEvents } from './log/event-log.ts'
import { createLogger } from './log/logger.ts'
import { onceInAWhile } from './log/repeated.ts'
import { chatObserver } from './metrics/chat.ts'
import { createMetrics } from './metrics/metrics.ts'
import { watchDrain } from './process/drain-watchdog.ts'
import { checkReplication } from './process/replication-check.ts'
import { createTokenVerifier } from './tokens/verifier.ts'
import { VERSION } from './version.ts'

export interface StartOptions {
  /** Absent: Redis where the configuration names one, otherwise a cluster of this node alone. */
  readonly cluster?: Cluster
  readonly hooks?: Hooks
  /** Of the chat layer, beside `hooks`. */
  readonly chat?: Omit<ChatStart, 'hooks' | 'observer'>
  /** Methods for `/api/rpc`. */
  readonly rpc?: ReadonlyMap<string, RpcMethod>
  readonly log?: Logger
  /** False: sockets come by {@link RunningNode.handOver} alone. Default true. */
  readonly listen?: boolean
}

export interface RunningNode {
  readonly node: SkeinNode
  /** `undefined` where it is switched off. */
  readonly chat: Chat | undefined
  /** `http://host:port`; `undefined` while it does not listen. */
  readonly publicUrl: string | undefined
  readonly internalUrl: string
  /** Resolves when the cluster was reached and connections are served. */
  readonly started: Promise<void>
  /** Serves a TCP connection that another listener has accepted, as if the public one had. */
  handOver(socket: NetSocket): void
  /** Not ready, drained over the configured window, then closed. Further calls return the same promise. */
  stop(): Promise<void>
}

/** Connections may wait for accept: a node that comes back gets many at once. */
const BACKLOG = 4096

/**
 * Resolves once the internal listener answers, which is before the cluster is reached: probes must be able to ask why.
 * The public listener opens when the node can serve. Rejects when a port cannot be had.
 */
export async function startNode(config: Config, options: StartOptions = {}): Promise<RunningNode> {
  const log = options.log ?? createLogger({ level: config.logLevel, node: config.nodeName })
  const { parts, cluster, watches, chat } = assemble(config, options, log)
  logEvents(parts.node.events, log)
  const listen = options.listen ?? true
  const publicApp = await buildPublicApp(parts)
  const internalApp = await buildInternalApp(parts, () =>
    ready(parts, watches, listen ? publicApp : undefined),
  )
  await publicApp.ready()
  try {
    await internalApp.listen({ host: config.internalHost, port: config.internalPort, backlog: BACKLOG })
  } catch (error) {
    watches.stop()
    await chat?.chat.close()
    await chat?.close()
    await cluster.close()
    throw error
  }
  return new Running(config, parts.node, chat, publicApp, internalApp, log, watches, listen)
}

/** The node can serve, can be reached, and can take more. */
async function ready(
  { admission }: AppParts,
  watches: Watches,
  listener: FastifyInstance | undefined,
): Promise<Readiness> {
  const state = await watches.ready()
  const closed = listener !== undefined && !listener.server.listening
  const notYet = state.ok && closed ? ['the public port is not open yet'] : []
  return { reasons: [...(state.ok ? [] : [state.reason]), ...notYet, ...admission.reasons] }
}

interface Assembled {
  readonly parts: AppParts
  readonly cluster: Cluster
  readonly watches: Watches
  readonly chat: RunningChat | undefined
}

function assemble(config: Config, options: StartOptions, log: Logger): Assembled {
  const redis =
    options.cluster === undefined && config.redisUrl !== '' ? redisCluster(config, log) : undefined
  const cluster = options.cluster ?? redis ?? embedded(config)
  const tokens = createTokenVerifier(config)
  const { hooks } = options
  const registry = new Registry()
  const observer = chatObserver(registry)
  const chat = startChat(config, cluster, log, { ...options.chat, observer, ...(hooks && { hooks }) })
  const all = chat?.chat.hooks ?? hooks
  const channels = chat?.chat.channels(config.channels) ?? config.channels
  const node = createNode({
    name: config.nodeName,
    version: VERSION,
    cluster,
    channels,
    tokens,
    allowAnonymous: config.allowAnonymous,
    limits: config.limits,
    ...(all && { hooks: all }),
  })
  chat?.chat.attach(node)
  void checkReplication(channels, redis, log)
  const { admission, overload, loopDelay, watches } = startAdmission(config, node, log)
  const metrics = createMetrics({
    registry,
    node,
    admission,
    overload,
    loopDelay,
    name: config.nodeName,
    version: VERSION,
    namespaces: Object.keys(channels.namespaces),
    ...(chat && { chat: chat.chat }),
    ...(redis && { redis: () => redis.counters() }),
  })
  const rpc = new Map([...(chat ? chatMethods(chat.chat, node) : []), ...(options.rpc ?? [])])
  const parts = { config, node, tokens, admission, metrics, log, rpc }
  return { cluster, parts, watches, chat }
}

function redisCluster(config: Config, log: Logger): RedisCluster {
  const again = onceInAWhile()
  return createRedisCluster({
    url: config.redisUrl,
    prefix: config.redisPrefix,
    name: config.nodeName,
    onError: (error, where) =>
      log[again(where) ? 'warn' : 'debug']({ where, err: error }, 'trouble with Redis'),
  })
}

function embedded(config: Config): Cluster {
  return createMemoryCluster(createMemoryBus(), { name: config.nodeName, clock: systemClock })
}

class Running implements RunningNode {
  readonly node: SkeinNode
  readonly started: Promise<void>
  readonly #config: Config
  readonly #chat: RunningChat | undefined
  readonly #public: FastifyInstance
  readonly #internal: FastifyInstance
  readonly #log: Logger
  readonly #watches: Watches
  /** Those of {@link handOver}: a server that does not listen keeps no list of its own. */
  readonly #handed = new Set<NetSocket>()
  #stopped: Promise<void> | undefined

  constructor(
    config: Config,
    node: SkeinNode,
    chat: RunningChat | undefined,
    publicApp: FastifyInstance,
    internalApp: FastifyInstance,
    log: Logger,
    watches: Watches,
    listen: boolean,
  ) {
    this.node = node
    this.#chat = chat
    this.#config = config
    this.#public = publicApp
    this.#internal = internalApp
    this.#log = log
    this.#watches = watches
    this.started = this.#start(listen)
  }

  get chat(): Chat | undefined {
    return this.#chat?.chat
  }

  get publicUrl(): string | undefined {
    return urlOf(this.#public)
  }

  get internalUrl(): string {
    return urlOf(this.#internal) ?? ''
  }

  handOver(socket: NetSocket): void {
    this.#handed.add(socket)
    socket.once('close', () => this.#handed.delete(socket))
    this.#public.server.emit('connection', socket)
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #start(listen: boolean): Promise<void> {
    await this.node.start()
    if (this.#stopped !== undefined) return
    const { host, port } = this.#config
    if (listen) await this.#listen(host, port)
    this.#log.info(
      { public: this.publicUrl, internal: this.internalUrl, uid: this.node.uid },
      'node is ready',
    )
  }

  async #listen(host: string, port: number): Promise<void> {
    try {
      await this.#public.listen({ host, port, backlog: BACKLOG })
    } catch (error) {
      // The lease is taken already: it is given back, so that nobody waits for it to run out.
      await this.stop()
      throw error
    }
  }

  async #stop(): Promise<void> {
    this.#log.info({ window: this.#config.drainWindow, ...this.node.stats() }, 'node is draining')
    const watchdog = watchDrain(this.#config, this.node, this.#log)
    // Before Fastify's end and not in its hook `preClose`, which it gives up after its `pluginTimeout` of 10 s. The listener
    // stays open meanwhile, so that whoever comes is told to go elsewhere.
    await this.node.drain(this.#config.drainWindow)
    await closeServer(this.#public)
    for (const socket of this.#handed) socket.destroy()
    await this.#chat?.chat.close()
    await this.node.close()
    await this.#chat?.close()
    await closeServer(this.#internal)
    this.#watches.stop()
    this.#log.info({ ms: watchdog.stop() }, 'node has ended')
  }
}

function urlOf(app: FastifyInstance): string | undefined {
  const address: AddressInfo | string | null = app.server.address()
  if (address === null || typeof address === 'string') return undefined
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}
