/**
 * The cluster of a scenario: real Redis, nodes and nginx, each of which can be stopped, paused, cut off and
 * restored.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChannelsConfig } from '@skein/core'
import {
  callApi,
  FaultyProxy,
  type NginxProcess,
  type NodeProcess,
  type RedisServer,
  spawnNode,
  startNginx,
  startRedis,
  TEST_API_KEY,
  TEST_SECRET,
  untilReady,
} from '@skein/testkit'
import type { NginxOptions, Policy } from '../../nginx/options.ts'
import { renderNginx } from '../../nginx/render.ts'

export interface WorldOptions {
  /** Default: 3. */
  readonly nodes?: number
  /** In front, with this policy; absent: clients choose a node at random. */
  readonly nginx?: Policy
  /** Redis keeps an append-only file. Default true: then a restart must lose nothing. */
  readonly persistent?: boolean
  readonly redisSettings?: readonly string[]
  /** A proxy of its own between each node and Redis. */
  readonly proxies?: boolean
  /** Node n reaches Redis at 127.0.1.(n + 1), so that a firewall can cut it off alone. */
  readonly redisAddresses?: boolean
  /** A Redis topology of the scenario instead of one Redis: its URL for nodes. */
  readonly redisUrl?: string
  readonly env?: Readonly<Record<string, string>>
  /** Further settings of one node. */
  readonly envOf?: (index: number, folder: string) => Promise<Readonly<Record<string, string>>>
}

/** Times that make a short scenario possible; the promises do not depend on them. */
const SETTINGS = {
  SKEIN_HOST: '127.0.0.1',
  SKEIN_TOKEN_HMAC_SECRET: TEST_SECRET,
  SKEIN_API_KEY: TEST_API_KEY,
  SKEIN_PING_INTERVAL: '3s',
  SKEIN_PONG_TIMEOUT: '2s',
  SKEIN_POSITION_CHECK_INTERVAL: '2s',
  SKEIN_DRAIN_WINDOW: '3s',
  SKEIN_HISTORY_PUBLICATIONS: '100000',
  SKEIN_LOG_LEVEL: 'warn',
}

/** A history that exceeds every scenario: each loss is a fault. */
const CHANNELS: ChannelsConfig = {
  namespaces: {
    room: {
      historySize: 50_000,
      historyTtl: 3600,
      recovery: true,
      presence: true,
      joinLeave: true,
      subscribe: 'anyone',
      publish: 'subscriber',
    },
  },
}

/** Limit for the start of a node, ms: no promise is about it, and the machine may be busy. */
const START_PATIENCE = 60_000

const NGINX_LIMITS = { connections: 50_000, handshakesPerSecond: 20_000, handshakeBurst: 20_000 }

export interface Stream {
  readonly epoch: string
  readonly offset: number
  readonly publications: readonly { readonly offset: number; readonly data: unknown }[]
}

export class World {
  readonly folder: string
  readonly nodes: NodeProcess[] = []
  readonly proxies: FaultyProxy[] = []
  /** Logs of processes that have exited. */
  readonly logs: string[] = []
  nginx: NginxProcess | undefined
  readonly #options: WorldOptions
  #redis: RedisServer | undefined
  #env: Record<string, string> = {}

  private constructor(folder: string, options: WorldOptions) {
    this.folder = folder
    this.#options = options
  }

  static async start(options: WorldOptions): Promise<World> {
    const world = new World(await mkdtemp(join(tmpdir(), 'skein-chaos-')), options)
    try {
      await world.#start()
      return world
    } catch (error) {
      await world.stop()
      throw error
    }
  }

  get redis(): RedisServer {
    if (this.#redis === undefined) throw new Error('this world has no Redis of its own')
    return this.#redis
  }

  node(index: number): NodeProcess {
    const node = this.nodes[index]
    if (node === undefined) throw new Error(`there is no node ${index}`)
    return node
  }

  /** Address for clients. */
  get urls(): readonly string[] {
    return this.nginx === undefined ? this.nodes.map(({ wsUrl }) => wsUrl) : [this.nginx.wsUrl]
  }

  get apiUrls(): readonly string[] {
    return this.nodes.map(({ internalUrl }) => internalUrl)
  }

  /** Starts one more node; resolves when it is ready. */
  async addNode(): Promise<NodeProcess> {
    const index = this.nodes.length
    const node = await spawnNode(`node-${index}`, await this.#envOf(index))
    this.nodes.push(node)
    await untilReady(node, START_PATIENCE)
    return node
  }

  /** The same node again, at the same ports, after its process has exited. */
  async restartNode(index: number): Promise<void> {
    const before = this.node(index)
    this.logs.push(`--- ${before.name}, until it ended\n${before.logs()}`)
    const node = await spawnNode(before.name, {
      ...(await this.#envOf(index)),
      SKEIN_PORT: new URL(before.publicUrl).port,
      SKEIN_INTERNAL_PORT: new URL(before.internalUrl).port,
    })
    this.nodes[index] = node
    await untilReady(node, START_PATIENCE)
  }

  /** nginx reloads its configuration with all present nodes. */
  async reloadNginx(options: Partial<NginxOptions> = {}): Promise<void> {
    const { nginx } = this
    if (nginx === undefined) throw new Error('this world has no nginx')
    const text = renderNginx({ ...this.#nginxOptions(), ...options, listen: new URL(nginx.publicUrl).host })
    await writeFile(join(this.folder, 'nginx', 'nginx.conf'), text)
    nginx.kill('SIGHUP')
  }

  /** The result of a server API call at the first node that replies. */
  async api<T>(method: string, params: object): Promise<T> {
    let last: unknown
    for (const { internalUrl } of this.nodes) {
      try {
        return await callApi<T>(internalUrl, method, params, TEST_API_KEY)
      } catch (error) {
        last = error
      }
    }
    throw last
  }

  /** All that a channel holds now. */
  stream(channel: string): Promise<Stream> {
    return this.api<Stream>('history', { channel, limit: 100_000 })
  }

  /** Output of every process, for a failed scenario. */
  allLogs(): string {
    const running = this.nodes.map((node) => `--- ${node.name}\n${node.logs()}`)
    return [...this.logs, ...running, `--- nginx\n${this.nginx?.logs() ?? ''}`].join('\n')
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop(500)))
    await this.nginx?.stop(500)
    await Promise.all(this.proxies.map((proxy) => proxy.stop()))
    this.#redis?.thaw()
    await this.#redis?.stop()
    await rm(this.folder, { recursive: true, force: true })
  }

  async #start(): Promise<void> {
    const { redisUrl, redisAddresses, redisSettings = [], persistent = true, nodes = 3 } = this.#options
    if (redisUrl === undefined) {
      const open = redisAddresses === true ? ['--bind', '0.0.0.0', '--protected-mode', 'no'] : []
      this.#redis = await startRedis({ persistent, settings: [...open, ...redisSettings] })
    }
    const config = join(this.folder, 'namespaces.json')
    await writeFile(config, JSON.stringify(CHANNELS))
    this.#env = { ...SETTINGS, SKEIN_CONFIG: config, ...this.#options.env }
    for (let index = 0; index < nodes; index++) {
      if (this.#options.proxies === true) this.proxies.push(await FaultyProxy.start(this.redis.url))
      this.nodes.push(await spawnNode(`node-${index}`, await this.#envOf(index)))
    }
    await Promise.all(this.nodes.map((node) => untilReady(node, START_PATIENCE)))
    const { nginx } = this.#options
    if (nginx !== undefined) {
      this.nginx = await startNginx(this.nodes, this.folder, { policy: nginx, limits: NGINX_LIMITS })
    }
  }

  #nginxOptions(): NginxOptions {
    const { nginx: policy } = this.#options
    return {
      dir: join(this.folder, 'nginx'),
      listen: '',
      nodes: this.nodes.map(({ publicUrl }) => new URL(publicUrl).host),
      limits: NGINX_LIMITS,
      ...(policy !== undefined && { policy }),
    }
  }

  async #envOf(index: number): Promise<Record<string, string>> {
    const own = (await this.#options.envOf?.(index, this.folder)) ?? {}
    const name = { SKEIN_NODE_NAME: `node-${index}`, SKEIN_REDIS_URL: this.#redisUrlOf(index) }
    return { ...this.#env, ...name, ...own }
  }

  #redisUrlOf(index: number): string {
    const { redisUrl, redisAddresses, proxies } = this.#options
    if (redisUrl !== undefined) return redisUrl
    if (proxies === true) return `redis://127.0.0.1:${this.proxies[index]?.port}`
    if (redisAddresses === true) return `redis://127.0.1.${index + 1}:${this.redis.port}`
    return this.redis.url
  }
}
