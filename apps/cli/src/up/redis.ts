/** The private Redis of a local cluster: a binary or a container, on a free loopback port, with a password of its own. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { askRedis } from '../resp.ts'
import type { PartSpec } from './part.ts'
import type { Workspace } from './workspace.ts'

export const REDIS_IMAGE = 'redis:8-alpine'

export interface PrivateRedis {
  readonly url: string
  readonly spec: PartSpec
}

export function redisBinary(path: string, port: number, workspace: Workspace): PrivateRedis {
  const data = workspace.folderFor('redis')
  const file = join(data, 'redis.conf')
  writeFileSync(file, config(port, '127.0.0.1', data, workspace.password), { mode: 0o600 })
  return part(path, [file], port, workspace)
}

export function redisContainer(docker: string, port: number, workspace: Workspace): PrivateRedis {
  const name = workspace.containerName('redis')
  const settings = ['--requirepass', workspace.password, '--appendonly', 'yes', '--save', '']
  const run = ['run', '--rm', '--name', name, '-p', `127.0.0.1:${port}:6379`]
  return part(docker, [...run, REDIS_IMAGE, 'redis-server', ...settings], port, workspace)
}

/**
 * The append-only file lets a Redis that was killed come back with what it had. `noeviction`: Redis must refuse writes
 * rather than forget streams and sessions. The Pub/Sub output limit is what `doctor` asks of a real one.
 */
const config = (port: number, host: string, folder: string, password: string) => `
port ${port}
bind ${host}
dir ${folder}
requirepass ${password}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
client-output-buffer-limit pubsub 256mb 64mb 60
`

function part(command: string, args: string[], port: number, workspace: Workspace): PrivateRedis {
  const url = `redis://:${workspace.password}@127.0.0.1:${port}`
  const spec = {
    name: 'redis',
    command,
    args,
    env: workspace.env,
    logFile: workspace.logFile('redis'),
    ready: () => answers(url),
  }
  return { url, spec }
}

/** Whether a Redis answers there. */
export async function answers(url: string): Promise<boolean> {
  try {
    const [reply] = await askRedis(url, [['PING']])
    return reply === 'PONG'
  } catch {
    // It is still starting, or it will not: the part's deadline and its log tell which.
    return false
  }
}
