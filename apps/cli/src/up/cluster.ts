/** Starts the parts of a local cluster in order, and stops them in reverse order. */
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { signToken } from '@skein/node'
import { type Env, Failure } from '../command.ts'
import { signingSettings } from '../signing.ts'
import { removeState, stateFile, writeState } from '../state.ts'
import { embeddedSpec } from './embedded.ts'
import { ensureFree, freePorts } from './free-port.ts'
import { type Janitor, startJanitor } from './janitor.ts'
import { type Listener, listen } from './listener.ts'
import { which } from './machine.ts'
import { type Endpoint, nginxBinary, nginxContainer } from './nginx.ts'
import { internalUrl, type NodePorts, nodePorts, nodeSpec, type Secrets } from './nodes.ts'
import type { UpOptions } from './options.ts'
import { Part, type PartSpec } from './part.ts'
import type { BrokerPart, FrontPart, Plan } from './pick.ts'
import { endpointAnswers } from './ready.ts'
import { type PrivateRedis, redisBinary, redisContainer } from './redis.ts'
import { makeWorkspace, type Workspace } from './workspace.ts'

export interface LocalCluster {
  readonly endpoint: string
  readonly nodes: readonly NodePorts[]
  readonly redisUrl: string
  readonly folder: string
  readonly token: string
  stop(): Promise<void>
}

export interface Starting {
  readonly options: UpOptions
  readonly plan: Plan
  readonly env: Env
  readonly report: (line: string) => void
  readonly signal: AbortSignal
}

/** User of the printed token. */
export const TOKEN_USER = 'demo'
const TOKEN_SECONDS = 86_400

/** Resolves when the endpoint serves a client. On failure it stops every started part, then rejects. */
export async function startCluster(starting: Starting): Promise<LocalCluster> {
  await ensureFree(starting.options.port)
  const building = new Building(starting)
  try {
    return await building.build()
  } catch (error) {
    await building.stop()
    throw error
  }
}

/** 64 bytes, the minimum of HS512. */
const randomSecret = () => randomBytes(64).toString('hex')

class Building {
  readonly #starting: Starting
  readonly #workspace: Workspace
  readonly #janitor: Janitor
  readonly #secrets: Secrets
  readonly #undo: (() => Promise<void>)[] = []
  /** Cancels waits and restarts of the parts, at the signal of the user and after a failed start. */
  readonly #over = new AbortController()

  constructor(starting: Starting) {
    const { env, options } = starting
    this.#starting = starting
    this.#secrets = {
      signing: signingSettings({
        ...env,
        SKEIN_TOKEN_HMAC_SECRET: env['SKEIN_TOKEN_HMAC_SECRET'] || randomSecret(),
      }),
      apiKey: env['SKEIN_API_KEY'] || randomSecret(),
    }
    this.#janitor = startJanitor(env)
    this.#undo.push(() => this.#janitor.done())
    this.#workspace = makeWorkspace(env)
    this.#janitor.add('path', this.#workspace.folder)
    this.#undo.push(() => rm(this.#workspace.folder, { recursive: true, force: true }))
    this.#janitor.add('path', stateFile(env, options.port))
    this.#undo.push(async () => removeState(env, options.port))
  }

  async build(): Promise<LocalCluster> {
    const { options, plan } = this.#starting
    const [redisPort = 0, ...ports] = await freePorts(1 + 2 * options.nodes)
    const nodes = nodePorts(options.nodes, ports)
    const token = signToken(this.#secrets.signing, { user: TOKEN_USER, ttl: TOKEN_SECONDS })
    const endpoint = { port: options.port, token }
    if (plan.broker.kind === 'embedded') {
      await this.#start([embeddedSpec(nodes, endpoint, this.#secrets, this.#workspace)])
      return this.#announced(nodes, '', token)
    }
    const redisUrl = await this.#startBroker(plan.broker, redisPort)
    await this.#start(nodes.map((node) => nodeSpec(node, redisUrl, this.#secrets, this.#workspace)))
    await this.#startFront(plan.front, nodes, endpoint)
    return this.#announced(nodes, redisUrl, token)
  }

  /** Writes the state file for the other commands. */
  #announced(nodes: readonly NodePorts[], redisUrl: string, token: string): LocalCluster {
    const { port } = this.#starting.options
    const [endpoint, folder] = [`http://localhost:${port}`, this.#workspace.folder]
    const internal = nodes.map(internalUrl)
    writeState(this.#starting.env, {
      pid: process.pid,
      endpoint,
      port,
      internal,
      redisUrl,
      ...this.#secrets,
      folder,
    })
    return { endpoint, nodes, redisUrl, folder, token, stop: () => this.stop() }
  }

  /** Stops the front first to block new clients, and the janitor last to cover a kill during the stop. */
  async stop(): Promise<void> {
    this.#over.abort()
    while (this.#undo.length > 0) await this.#undo.pop()?.()
  }

  /** Returns the Redis URL for the nodes. */
  async #startBroker(broker: Exclude<BrokerPart, { kind: 'embedded' }>, port: number): Promise<string> {
    switch (broker.kind) {
      case 'url':
        return broker.url
      case 'binary':
        return await this.#startRedis(redisBinary(broker.path, port, this.#workspace))
      case 'docker':
        return await this.#startRedis(redisContainer(this.#docker(), port, this.#workspace), 'redis')
    }
  }

  async #startRedis(redis: PrivateRedis, container?: string): Promise<string> {
    await this.#start([redis.spec], container)
    return redis.url
  }

  async #startFront(front: FrontPart, nodes: readonly NodePorts[], endpoint: Endpoint): Promise<void> {
    switch (front.kind) {
      case 'binary':
        return await this.#start([nginxBinary(front.path, nodes, endpoint, this.#workspace)])
      case 'docker':
        return await this.#start([nginxContainer(this.#docker(), nodes, endpoint, this.#workspace)], 'nginx')
      case 'listener':
        return await this.#startListener(nodes, endpoint)
    }
  }

  async #startListener(nodes: readonly NodePorts[], { port, token }: Endpoint): Promise<void> {
    const listener: Listener = await listen(
      port,
      nodes.map((node) => node.port),
    )
    this.#undo.push(() => listener.close())
    if (!(await endpointAnswers(port, token))) {
      throw new Failure(
        `the nodes run, but the endpoint does not serve a client: see the logs in ${this.#workspace.folder}/logs`,
      )
    }
  }

  /** Starts the parts concurrently. If one fails, the caller stops the others. */
  async #start(specs: readonly PartSpec[], container?: string): Promise<void> {
    const { report, signal } = this.#starting
    if (container !== undefined) this.#ownContainer(this.#workspace.containerName(container))
    const context = { janitor: this.#janitor, report, signal: AbortSignal.any([signal, this.#over.signal]) }
    const started = await Promise.allSettled(specs.map((spec) => Part.start(spec, context)))
    const parts = started.filter((result) => result.status === 'fulfilled').map(({ value }) => value)
    this.#undo.push(async () => void (await Promise.all(parts.map((part) => part.stop()))))
    const failed = started.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  /** `docker run --rm` removes the container at exit; the janitor removes it if that client is killed. */
  #ownContainer(name: string): void {
    this.#janitor.add('container', name)
    this.#undo.push(async () => this.#janitor.drop('container', name))
  }

  #docker(): string {
    return which('docker', this.#starting.env) ?? 'docker'
  }
}
