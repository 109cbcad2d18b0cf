/** The nodes of a local cluster: configuration, start and readiness of one. */
import { fileURLToPath } from 'node:url'
import type { Env } from '../command.ts'
import type { SigningSettings } from '../signing.ts'
import type { PartSpec } from './part.ts'
import type { Workspace } from './workspace.ts'

export interface NodePorts {
  readonly name: string
  /** Public port, which only the front connects to. */
  readonly port: number
  readonly internalPort: number
}

/** Secrets that all nodes of the cluster share. */
export interface Secrets {
  readonly signing: SigningSettings
  readonly apiKey: string
}

/** Entry point of a node, beside the index of its package. */
export const NODE_MAIN = fileURLToPath(new URL('main.ts', import.meta.resolve('@skein/node')))

export function nodePorts(count: number, ports: readonly number[]): NodePorts[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `node-${index + 1}`,
    port: ports[2 * index] ?? 0,
    internalPort: ports[2 * index + 1] ?? 0,
  }))
}

/**
 * The settings of one node. The environment of the user overrides the defaults here, but not names,
 * addresses, Redis and secrets. A node listens on loopback only.
 */
export function nodeEnv(env: Env, node: NodePorts, redisUrl: string, secrets: Secrets): Env {
  return {
    SKEIN_ENV: 'development',
    SKEIN_DEMO: 'true',
    SKEIN_TRUSTED_PROXIES: 'loopback',
    // A local cluster has few clients to spread, and Ctrl-C should be fast.
    SKEIN_DRAIN_WINDOW: '500ms',
    ...env,
    SKEIN_NODE_NAME: node.name,
    SKEIN_HOST: '127.0.0.1',
    SKEIN_PORT: String(node.port),
    SKEIN_INTERNAL_HOST: '127.0.0.1',
    SKEIN_INTERNAL_PORT: String(node.internalPort),
    SKEIN_REDIS_URL: redisUrl,
    SKEIN_TOKEN_HMAC_SECRET: secrets.signing.tokenHmacSecret,
    SKEIN_API_KEY: secrets.apiKey,
  }
}

export const internalUrl = (node: NodePorts): string => `http://127.0.0.1:${node.internalPort}`

export const nodeSpec = (
  node: NodePorts,
  redisUrl: string,
  secrets: Secrets,
  workspace: Workspace,
): PartSpec => ({
  name: node.name,
  command: process.execPath,
  args: [NODE_MAIN],
  env: nodeEnv(workspace.env, node, redisUrl, secrets),
  logFile: workspace.logFile(node.name),
  ready: () => isReady(node),
})

const READYZ_TIMEOUT_MS = 2000

/** True if `/readyz` answers 2xx. */
export async function isReady(node: NodePorts): Promise<boolean> {
  try {
    const reply = await fetch(`${internalUrl(node)}/readyz`, {
      signal: AbortSignal.timeout(READYZ_TIMEOUT_MS),
    })
    await reply.arrayBuffer()
    return reply.ok
  } catch {
    // The node does not listen yet. The deadline of the part reports a node that never does.
    return false
  }
}
