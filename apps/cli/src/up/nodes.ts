/** The nodes of a local cluster: how one is configured, started and asked whether it is ready. */
import { fileURLToPath } from 'node:url'
import type { Env } from '../command.ts'
import type { SigningSettings } from '../signing.ts'
import type { PartSpec } from './part.ts'
import type { Workspace } from './workspace.ts'

export interface NodePorts {
  readonly name: string
  /** Reached through the front alone. */
  readonly port: number
  readonly internalPort: number
}

/** What all nodes of the cluster share. */
export interface Secrets {
  readonly signing: SigningSettings
  readonly apiKey: string
}

/** A node's entry point, beside the door of its package. */
export const NODE_MAIN = fileURLToPath(new URL('main.ts', import.meta.resolve('@skein/node')))

export function nodePorts(count: number, ports: readonly number[]): NodePorts[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `node-${index + 1}`,
    port: ports[2 * index] ?? 0,
    internalPort: ports[2 * index + 1] ?? 0,
  }))
}

/**
 * The settings of one node. What the user has set in the environment holds, except for what makes the cluster: names,
 * addresses, Redis. Nothing listens beyond loopback.
 */
export function nodeEnv(env: Env, node: NodePorts, redisUrl: string, secrets: Secrets): Env {
  return {
    SKEIN_ENV: 'development',
    SKEIN_DEMO: 'true',
    SKEIN_TRUSTED_PROXIES: 'loopback',
    // Ctrl-C should not take ten seconds; there is no crowd to spread.
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

const ASK_TIMEOUT_MS = 2000

/** Whether `/readyz` says yes. */
export async function isReady(node: NodePorts): Promise<boolean> {
  try {
    const reply = await fetch(`${internalUrl(node)}/readyz`, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) })
    await reply.arrayBuffer()
    return reply.ok
  } catch {
    // It does not listen yet: the part's deadline and its log tell if it never will.
    return false
  }
}
