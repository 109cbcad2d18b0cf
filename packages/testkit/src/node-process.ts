/** One real node: `node apps/node/src/main.ts` with settings, as in production. */
import { fileURLToPath } from 'node:url'
import { type Child, startChild } from './child.ts'
import { freePort } from './free-port.ts'
import { waitFor } from './wait.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const MAIN = fileURLToPath(new URL('../../../apps/node/src/main.ts', import.meta.url))

export interface NodeProcess extends Child {
  /** `http://127.0.0.1:…`, what nginx forwards to. */
  readonly publicUrl: string
  /** `http://127.0.0.1:…`: health, metrics, server API. */
  readonly internalUrl: string
  /** `ws://127.0.0.1:…/connection/websocket`. */
  readonly wsUrl: string
}

/** Starts a node with these settings and does not wait for it. Ports are picked unless the settings have them. */
export async function spawnNode(name: string, env: Readonly<Record<string, string>>): Promise<NodeProcess> {
  const { SKEIN_PORT: port = String(await freePort()) } = env
  const { SKEIN_INTERNAL_PORT: internalPort = String(await freePort()) } = env
  const child = await startChild({
    name,
    command: process.execPath,
    args: [MAIN],
    cwd: ROOT,
    env: { ...env, SKEIN_PORT: port, SKEIN_INTERNAL_PORT: internalPort },
  })
  return {
    ...child,
    publicUrl: `http://127.0.0.1:${port}`,
    internalUrl: `http://127.0.0.1:${internalPort}`,
    wsUrl: `ws://127.0.0.1:${port}/connection/websocket`,
  }
}

/**
 * Fills Node's cache of compiled modules, so that nodes load theirs in six tenths of the time, and never what strips the types. A node
 * writes it when it ends by itself, which one does at once that may not start.
 */
export async function fillCompileCache(folder: string): Promise<void> {
  const env = { NODE_COMPILE_CACHE: folder, SKEIN_PORT: 'none' }
  const { exited } = await startChild({ name: 'compile', command: process.execPath, args: [MAIN], env })
  await exited
}

/** Resolves once `/readyz` says 200; rejects with the node's log when it ends before or takes too long. */
export async function untilReady(node: NodeProcess, ms = 20_000): Promise<void> {
  try {
    await waitFor(
      `${node.name} to be ready`,
      async () => !node.running() || (await statusOf(`${node.internalUrl}/readyz`)) === 200,
      ms,
    )
  } catch (error) {
    throw new Error(`${String(error)}\n${node.logs()}`, { cause: error })
  }
  if (!node.running()) throw new Error(`${node.name} ended before it was ready\n${node.logs()}`)
}

/** The HTTP status; throws when nobody listens. */
export async function statusOf(url: string): Promise<number> {
  const response = await fetch(url, { signal: AbortSignal.timeout(3000) })
  await response.text()
  return response.status
}
