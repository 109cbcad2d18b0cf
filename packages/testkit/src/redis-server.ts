/** A private redis-server: a free port, no data on disk, gone with the test. */
import { type Child, startChild } from './child.ts'
import { freePort } from './free-port.ts'
import { waitFor } from './wait.ts'

export interface RedisServer extends Child {
  readonly url: string
  readonly port: number
}

/** `port`: to come back where one was before. `args`: further options of redis-server. */
export async function startRedis(
  options: { readonly port?: number; readonly args?: readonly string[] } = {},
): Promise<RedisServer> {
  const port = options.port ?? (await freePort())
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = await startChild({
    name: 'redis-server',
    command: 'redis-server',
    args: [...settings, ...(options.args ?? [])],
  })
  await waitFor('redis-server to listen', () => child.logs().includes('Ready to accept connections'))
  return { ...child, port, url: `redis://127.0.0.1:${port}` }
}
