/** One real node: `node apps/node/src/main.ts` with settings, as in production. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Child, startChild } from './child.ts'
import { freePort } from './free-port.ts'
import { waitFor } from './wait.ts'

/** A checkout of this repository, and the Node binary that runs it. */
export interface Checkout {
  readonly root: string
  readonly node: string
}

const THIS: Checkout = { root: fileURLToPath(new URL('../../../', import.meta.url)), node: process.execPath }
const mainOf = ({ root }: Checkout): string => join(root, 'apps/node/src/main.ts')

export interface NodeProcess extends Child {
  /** `http://127.0.0.1:…`, what nginx forwards to. */
  readonly publicUrl: string
  /** `http://127.0.0.1:…`: health, metrics, server API. */
  readonly internalUrl: string
  /** `ws://127.0.0.1:…/connection/websocket`. */
  readonly wsUrl: string
}

/** Starts a node without waiting for readiness. Ports are picked unless the settings have them. */
export async function spawnNode(
  name: string,
  env: Readonly<Record<string, string>>,
  checkout = THIS,
): Promise<NodeProcess> {
  const { SKEIN_PORT: port = String(await freePort()) } = env
  const { SKEIN_INTERNAL_PORT: internalPort = String(await freePort()) } = env
  const child = await startChild({
    name,
    command: checkout.node,
    args: [mainOf(checkout)],
    cwd: checkout.root,
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
 * Fills Node's compile cache, which cuts the time to load a node's modules by 40 %. Node writes the cache
 * when a process exits by itself; a node with an invalid setting does that at once.
 */
export async function fillCompileCache(folder: string, checkout = THIS): Promise<void> {
  const env = { NODE_COMPILE_CACHE: folder, SKEIN_PORT: 'none' }
  const options = {
    name: 'compile',
    command: checkout.node,
    args: [mainOf(checkout)],
    cwd: checkout.root,
    env,
  }
  const { exited } = await startChild(options)
  await exited
}

/** Resolves once `/readyz` replies 200; rejects with the node's log when the node exits or the time is up. */
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
