/** A whole cluster on this machine with real parts: Redis, N node processes, and optionally nginx. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChannelsConfig } from '@skein/core'
import { onTestFinished } from 'vitest'
import { callApi } from './api.ts'
import { type ConnectOptions, TestClient } from './client.ts'
import { DEFAULT_CHANNELS } from './default-channels.ts'
import { type NginxProcess, startNginx } from './nginx-process.ts'
import { type NodeProcess, spawnNode, untilReady } from './node-process.ts'
import { RawClient, type RawOptions } from './raw-client.ts'
import { startRedis } from './redis-server.ts'
import { type Claims, signToken, TEST_SECRET } from './token.ts'

/** The API key of every test cluster. */
export const TEST_API_KEY = 'an-api-key-for-tests-only-0123456789'

export interface ClusterOptions {
  /** Default: 3. */
  readonly nodes?: number
  /** In front, with `ip_hash`; off by default. */
  readonly nginx?: boolean
  /** Replaces the default namespaces. */
  readonly channels?: ChannelsConfig
  /** Further settings of every node. */
  readonly env?: Readonly<Record<string, string>>
}

export interface ClientOptions extends Partial<ConnectOptions> {
  /** Index of the node to connect to; absent: through nginx where there is one, else node 0. */
  readonly node?: number
  /** The token's `sub`; absent: no token unless `token` or `claims` are given. */
  readonly user?: string
  readonly claims?: Claims
}

export interface TestCluster {
  readonly nodes: readonly NodeProcess[]
  readonly nginx: NginxProcess | undefined
  readonly redisUrl: string
  /** Settings of every node of this cluster, ports excepted. */
  readonly env: Readonly<Record<string, string>>
  node(index: number): NodeProcess
  /** The address for clients of this node, or of the cluster. */
  wsUrl(node?: number): string
  /** A server API call to node 0 or to another one. Throws `ApiError`. */
  api<T = Record<string, unknown>>(method: string, params: object, node?: number): Promise<T>
  token(claims: Claims): string
  /** A connected SDK client, closed at the end of the test. */
  client(options?: ClientOptions): Promise<TestClient>
  /** As {@link client}, not yet connected. */
  newClient(options?: ClientOptions): TestClient
  /** A protocol client without an SDK, closed at the end of the test. */
  raw(options?: Partial<RawOptions> & { readonly node?: number }): Promise<RawClient>
  stop(): Promise<void>
}

export async function startCluster(options: ClusterOptions = {}): Promise<TestCluster> {
  const undo: (() => Promise<unknown>)[] = []
  const stop = async (): Promise<void> => {
    while (undo.length > 0) await undo.pop()?.()
  }
  try {
    return { ...(await build(options, undo)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function build(
  options: ClusterOptions,
  undo: (() => Promise<unknown>)[],
): Promise<Omit<TestCluster, 'stop'>> {
  const folder = await mkdtemp(join(tmpdir(), 'skein-cluster-'))
  undo.push(() => rm(folder, { recursive: true, force: true }))
  const redis = await startRedis()
  undo.push(() => redis.stop())
  const env = { ...(await settings(folder, redis.url, options.channels)), ...options.env }
  const nodes = await Promise.all(
    Array.from({ length: options.nodes ?? 3 }, async (_, index) => {
      const node = await spawnNode(`node-${index}`, { ...env, SKEIN_NODE_NAME: `node-${index}` })
      undo.push(() => node.stop())
      return node
    }),
  )
  await Promise.all(nodes.map((node) => untilReady(node)))
  const nginx = options.nginx === true ? await startNginx(nodes, folder) : undefined
  if (nginx !== undefined) undo.push(() => nginx.stop())
  return members(nodes, nginx, redis.url, env)
}

/** Settings of a test node. */
async function settings(
  folder: string,
  redisUrl: string,
  channels: ChannelsConfig = DEFAULT_CHANNELS,
): Promise<Record<string, string>> {
  const config = join(folder, 'namespaces.json')
  await writeFile(config, JSON.stringify(channels))
  return {
    SKEIN_HOST: '127.0.0.1',
    SKEIN_REDIS_URL: redisUrl,
    SKEIN_CONFIG: config,
    SKEIN_TOKEN_HMAC_SECRET: TEST_SECRET,
    SKEIN_API_KEY: TEST_API_KEY,
  }
}

function members(
  nodes: readonly NodeProcess[],
  nginx: NginxProcess | undefined,
  redisUrl: string,
  env: Readonly<Record<string, string>>,
): Omit<TestCluster, 'stop'> {
  const node = (index: number): NodeProcess => {
    const found = nodes[index]
    if (found === undefined)
      throw new Error(`this cluster has ${nodes.length} nodes, there is no node ${index}`)
    return found
  }
  const wsUrl = (index?: number): string =>
    index === undefined && nginx !== undefined ? nginx.wsUrl : node(index ?? 0).wsUrl
  const newClient = (options: ClientOptions = {}): TestClient => {
    const client = new TestClient(connectOptions(options, wsUrl(options.node)))
    onTestFinished(() => client.close())
    return client
  }
  return {
    nodes,
    nginx,
    redisUrl,
    env,
    node,
    wsUrl,
    api: (method, params, index = 0) => callApi(node(index).internalUrl, method, params, TEST_API_KEY),
    token: (claims) => signToken(claims),
    newClient,
    client: (options) => newClient(options).connect(),
    raw: async (options = {}) => {
      const client = await RawClient.open({ url: wsUrl(options.node), ...options })
      onTestFinished(() => client.terminate())
      return client
    },
  }
}

function connectOptions(options: ClientOptions, url: string): ConnectOptions {
  const { user, claims, node: _node, ...rest } = options
  const signed = user === undefined && claims === undefined ? undefined : { sub: user ?? '', ...claims }
  return {
    url,
    ...(signed === undefined ? {} : { token: signToken(signed) }),
    ...(user === undefined ? {} : { name: user }),
    ...rest,
  }
}
