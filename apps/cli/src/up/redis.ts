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

const CONFIG = '/etc/redis/skein.conf'

export function redisContainer(docker: string, port: number, workspace: Workspace): PrivateRedis {
  const file = join(workspace.folderFor('redis'), 'redis.conf')
  // The container's Redis runs as another user; the folder around the file is closed to others on the host.
  writeFileSync(file, config(6379, '0.0.0.0', '/data', workspace.password), { mode: 0o644 })
  const run = ['run', '--rm', '--name', workspace.containerName('redis')]
  const mounts = ['-p', `127.0.0.1:${port}:6379`, '-v', `${file}:${CONFIG}:ro`]
  return part(docker, [...run, ...mounts, REDIS_IMAGE, 'redis-server', CONFIG], port, workspace)
}

/**
 * The append-only file lets a Redis that was killed come back with what it had. `noeviction`: Redis must refuse writes
 * rather than forget streams and sessions. The rest is argued for in deploy/redis/redis.conf.
 */
const config = (port: number, host: string, folder: string, password: string) => `
port ${port}
bind ${host}
dir ${folder}
requirepass ${password}
appendonly yes
appendfsync everysec
save ""
maxmemory 512mb
maxmemory-policy noeviction
client-output-buffer-limit pubsub 64mb 32mb 30
tcp-backlog 511
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
