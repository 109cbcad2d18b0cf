/**
 * The private Redis of a local cluster: a binary or a container, on a free loopback port, with a random
 * password.
 */
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

const CONTAINER_CONFIG = '/etc/redis/skein.conf'

export function redisContainer(docker: string, port: number, workspace: Workspace): PrivateRedis {
  const file = join(workspace.folderFor('redis'), 'redis.conf')
  // Redis in the container runs as another user; on the host the parent folder denies others.
  writeFileSync(file, config(6379, '0.0.0.0', '/data', workspace.password), { mode: 0o644 })
  const run = ['run', '--rm', '--name', workspace.containerName('redis')]
  const mounts = ['-p', `127.0.0.1:${port}:6379`, '-v', `${file}:${CONTAINER_CONFIG}:ro`]
  return part(docker, [...run, ...mounts, REDIS_IMAGE, 'redis-server', CONTAINER_CONFIG], port, workspace)
}

/**
 * A killed Redis restores its data from the append-only file. With `noeviction` Redis rejects writes instead
 * of evicting streams and sessions. deploy/redis/redis.conf explains the other settings.
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

/** True if a Redis answers PING at this URL. */
export async function answers(url: string): Promise<boolean> {
  try {
    const [reply] = await askRedis(url, [['PING']])
    return reply === 'PONG'
  } catch {
    // Redis is still starting. The deadline of the part reports one that never starts.
    return false
  }
}
