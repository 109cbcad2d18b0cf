/** A node with real ports and a memory cluster, which stops when its test ends. */
import { once } from 'node:events'
import { createMemoryBus, createMemoryCluster, type MemoryBus, systemClock } from '@skein/core'
import { onTestFinished } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import { type Config, parseConfig } from '../config/config.ts'
import { createLogger } from '../log/logger.ts'
import { type RunningNode, type StartOptions, startNode } from '../start.ts'
import { signToken, type TokenRequest } from '../tokens/sign.ts'

export interface TestNode extends RunningNode {
  readonly config: Config
  readonly wsUrl: string
  /** A connection token of this node. */
  token(request?: Partial<TokenRequest>): string
  /** Calls the server API and parses the reply. */
  api(method: string, params?: object | string): Promise<unknown>
}

export interface TestNodeOptions extends StartOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Shared by the nodes of a cluster. */
  readonly bus?: MemoryBus
  /** The log, line by line. */
  readonly onLog?: (line: string) => void
}

const ENV = {
  SKEIN_ENV: 'development',
  SKEIN_HOST: '127.0.0.1',
  SKEIN_PORT: '0',
  SKEIN_INTERNAL_HOST: '127.0.0.1',
  SKEIN_INTERNAL_PORT: '0',
  SKEIN_NODE_NAME: 'test',
  SKEIN_DRAIN_WINDOW: '0',
  SKEIN_LOG_LEVEL: 'trace',
}

export async function startTestNode({
  env = {},
  bus = createMemoryBus(),
  onLog = () => undefined,
  ...options
}: TestNodeOptions = {}): Promise<TestNode> {
  const config = parseConfig({ env: { ...ENV, ...env } })
  const cluster = createMemoryCluster(bus, { name: config.nodeName, clock: systemClock })
  const log = createLogger({ level: config.logLevel, node: config.nodeName }, { write: onLog })
  const running = await startNode(config, { cluster, log, ...options })
  onTestFinished(() => running.stop())
  await running.started
  return Object.assign(running, {
    config,
    wsUrl: `${running.publicUrl ?? ''}/connection/websocket`.replace('http', 'ws'),
    token: (request: Partial<TokenRequest> = {}) => signToken(config, { user: 'anna', ttl: 60, ...request }),
    api: (method: string, params: object | string = {}) => callApi(running, config, method, params),
  })
}

async function callApi(
  running: RunningNode,
  config: Config,
  method: string,
  params: object | string,
): Promise<unknown> {
  const response = await fetch(`${running.internalUrl}/api/${method}`, {
    method: 'POST',
    headers: { 'x-api-key': config.apiKey },
    body: typeof params === 'string' ? params : JSON.stringify(params),
  })
  return response.json()
}

/** A client that queues every message from the first byte on, as parsed JSON. */
export interface TestClient {
  readonly ws: WebSocket
  /** The next message, or the close as `{ code, reason }`. */
  next(): Promise<unknown>
  send(...commands: readonly object[]): void
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
}

/** Opens a WebSocket. Rejects with the HTTP status and body when the upgrade is refused. */
export async function openSocket(
  url: string,
  options: ClientOptions = {},
  protocols: string[] = [],
): Promise<TestClient> {
  const ws = new WebSocket(url, protocols, options)
  onTestFinished(() => ws.terminate())
  const queue: unknown[] = []
  let wake = (): void => undefined
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
  })
  const put = (item: unknown): void => {
    queue.push(item)
    wake()
  }
  ws.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) put(data)
    else for (const line of data.toString().split('\n')) put(JSON.parse(line))
  })
  void closed.then(put)
  await opened(ws)
  return {
    ws,
    closed,
    send: (...commands) => ws.send(commands.map((command) => JSON.stringify(command)).join('\n')),
    next: async () => {
      while (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      return queue.shift()
    },
  }
}

function opened(ws: WebSocket): Promise<unknown> {
  const refused = new Promise<never>((_, reject) => {
    ws.on('unexpected-response', (_request, response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString()
      })
      response.on('end', () => reject(new Refused(response.statusCode ?? 0, body)))
    })
  })
  return Promise.race([once(ws, 'open'), refused])
}

/** The server refused the upgrade with an HTTP response. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  readonly body: string

  constructor(status: number, body: string) {
    super(`${status} ${body}`)
    this.status = status
    this.body = body
  }
}
