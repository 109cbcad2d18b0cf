/** A real nginx with the project's own template, private to one test cluster. */
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NginxOptions } from '../../../nginx/options.ts'
import { nginxArguments, renderNginx } from '../../../nginx/render.ts'
import { type Child, startChild } from './child.ts'
import { freePort } from './free-port.ts'
import { type NodeProcess, statusOf } from './node-process.ts'
import { waitFor } from './wait.ts'

export interface NginxProcess extends Child {
  readonly publicUrl: string
  readonly wsUrl: string
}

/** All clients of a test share an address: limits per client must not apply. */
const LIMITS = { connections: 20_000, handshakesPerSecond: 20_000, handshakeBurst: 20_000 }

/** `folder` must exist; nginx's files go into a folder inside. `options` override rendered settings. */
export async function startNginx(
  nodes: readonly NodeProcess[],
  folder: string,
  options: Partial<NginxOptions> = {},
): Promise<NginxProcess> {
  const dir = join(folder, 'nginx')
  await mkdir(dir)
  // Started by root, nginx runs its workers as `nobody`, who must reach its files.
  await chmod(folder, 0o755)
  await chmod(dir, 0o777)
  const port = await freePort()
  const config = join(dir, 'nginx.conf')
  const text = renderNginx({
    dir,
    listen: `127.0.0.1:${port}`,
    nodes: nodes.map(({ publicUrl }) => new URL(publicUrl).host),
    limits: LIMITS,
    ...options,
  })
  await writeFile(config, text)
  const child = await startChild({ name: 'nginx', command: 'nginx', args: nginxArguments(config) })
  const publicUrl = `http://127.0.0.1:${port}`
  await untilListening(child, `${publicUrl}/not-routed`)
  return { ...child, publicUrl, wsUrl: `ws://127.0.0.1:${port}/connection/websocket` }
}

async function untilListening(child: Child, url: string): Promise<void> {
  try {
    await waitFor('nginx to answer', async () => !child.running() || (await statusOf(url)) === 404)
  } catch (error) {
    throw new Error(`${String(error)}\n${child.logs()}`, { cause: error })
  }
  if (!child.running()) throw new Error(`nginx ended\n${child.logs()}`)
}
