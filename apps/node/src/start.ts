/** Starts a node, and stops it. */
import type { AddressInfo, Socket as NetSocket } from 'node:net'
import type { Chat } from '@skein/chat'
import type { SkeinNode } from '@skein/core'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Watches } from './admission/start.ts'
import { buildInternalApp, buildPublicApp } from './app.ts'
import { type AssembleOptions, assemble } from './assemble.ts'
import type { RunningChat } from './chat/chat.ts'
import type { Config } from './config/config.ts'
import { closeServer } from './http/close.ts'
import type { Readiness } from './http/probes.ts'
import { logEvents } from './log/event-log.ts'
import { createLogger } from './log/logger.ts'
import { watchDrain } from './process/drain-watchdog.ts'

export interface StartOptions extends AssembleOptions {
  readonly log?: Logger
  /** False: sockets arrive by {@link RunningNode.handOver} only. Default: true. */
  readonly listen?: boolean
}

export interface RunningNode {
  readonly node: SkeinNode
  /** `undefined` if chat is disabled. */
  readonly chat: Chat | undefined
  /** `http://host:port`, or `undefined` while the public port is closed. */
  readonly publicUrl: string | undefined
  readonly internalUrl: string
  /** Resolves when the node has reached its cluster and serves connections. */
  readonly started: Promise<void>
  /** Serves a TCP connection that another listener accepted, as the public listener does. */
  handOver(socket: NetSocket): void
  /** Drains the node over the configured window, then closes it. Further calls return the same promise. */
  stop(): Promise<void>
}

/** TCP connections that may wait for `accept`: many clients reconnect to a restarted node at once. */
const BACKLOG = 4096

/**
 * Resolves when the internal listener answers. That is before the node reaches its cluster, since probes ask
 * for the reason. The public listener opens when the node can serve. Rejects if a port is in use.
 */
export async function startNode(config: Config, options: StartOptions = {}): Promise<RunningNode> {
  const log = options.log ?? createLogger({ level: config.logLevel, node: config.nodeName })
  const { parts, cluster, watches, outage, chat } = assemble(config, options, log)
  logEvents(parts.node.events, log, outage)
  const listen = options.listen ?? true
  const publicApp = await buildPublicApp(parts)
  const internalApp = await buildInternalApp(parts, () => ready(watches, listen ? publicApp : undefined))
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

/** A node is ready if it can serve and its public port is open. A full node serves its clients. */
async function ready(watches: Watches, listener: FastifyInstance | undefined): Promise<Readiness> {
  const state = await watches.ready()
  const closed = listener !== undefined && !listener.server.listening
  const notYet = state.ok && closed ? ['the public port is not open yet'] : []
  return { reasons: [...(state.ok ? [] : [state.reason]), ...notYet] }
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
  /** Sockets of {@link handOver}. A server that does not listen has no list of them. */
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
      // Releases the lease, which the node has acquired already. Other nodes need not wait until it expires.
      await this.stop()
      throw error
    }
  }

  async #stop(): Promise<void> {
    this.#log.info({ window: this.#config.drainWindow, ...this.node.stats() }, 'node is draining')
    const watchdog = watchDrain(this.#config, this.node, this.#log)
    // Not in Fastify's hook `preClose`, which fails after the `pluginTimeout` of 10 s. The listener stays
    // open during the drain and refuses handshakes with 503.
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
