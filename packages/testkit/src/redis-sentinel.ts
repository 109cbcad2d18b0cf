/** A private primary with replicas and their Sentinels: own ports, own folders, ended by their pids. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Child, startChild } from './child.ts'
import { freePort } from './free-port.ts'
import { command, infoField, type RedisServer, startRedis } from './redis-server.ts'
import { REPLICATION, sever } from './replication.ts'
import { waitFor } from './wait.ts'

export interface SentinelOptions {
  /** Default: 2. */
  readonly replicas?: number
  /** Milliseconds without a reply after which a server counts as dead. Default: 1000. */
  readonly downAfter?: number
  /** Further settings of every server. */
  readonly settings?: readonly string[]
}

export interface SentinelSetup {
  /** `redis+sentinel://…/main` */
  readonly url: string
  readonly servers: readonly RedisServer[]
  /** The primary that the Sentinels name now. */
  primary(): Promise<RedisServer>
  /** Its replicas. */
  replicas(): Promise<readonly RedisServer[]>
  /** From now on no write of the primary reaches its replicas. */
  severReplication(): Promise<void>
  stop(): Promise<void>
}

const NAME = 'main'

export async function startSentinel(options: SentinelOptions = {}): Promise<SentinelSetup> {
  const { replicas = 2, downAfter = 1000, settings = [] } = options
  const started: { stop(): Promise<unknown> }[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((one) => one.stop()))
  }
  const keep = <T extends { stop(): Promise<unknown> }>(one: T): T => {
    started.push(one)
    return one
  }
  try {
    const first = keep(await startRedis({ settings: [...REPLICATION, ...settings] }))
    const follow = ['--replicaof', '127.0.0.1', `${first.port}`]
    const others = await Promise.all(
      Array.from({ length: replicas }, async () =>
        keep(await startRedis({ settings: [...REPLICATION, ...settings, ...follow] })),
      ),
    )
    const servers = [first, ...others]
    await Promise.all(others.map(untilFollowing))
    const ports = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const port = await freePort()
        keep(await startOne(port, first.port, downAfter))
        return port
      }),
    )
    for (const port of ports) await untilWatching(port, replicas)
    const primary = () => named(ports, servers)
    return {
      url: `redis+sentinel://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/${NAME}`,
      servers,
      primary,
      replicas: async () => {
        const now = await primary()
        return servers.filter((server) => server !== now)
      },
      severReplication: async () => await sever(await primary()),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startOne(port: number, primary: number, downAfter: number): Promise<Child> {
  const folder = await mkdtemp(join(tmpdir(), 'skein-sentinel-'))
  const file = join(folder, 'sentinel.conf')
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor ${NAME} 127.0.0.1 ${primary} 2`,
    `sentinel down-after-milliseconds ${NAME} ${downAfter}`,
    // When no Sentinel gets the votes, the next attempt follows after twice this time.
    `sentinel failover-timeout ${NAME} 3000`,
  ]
  await writeFile(file, `${lines.join('\n')}\n`)
  const child = await startChild({
    name: 'redis-sentinel',
    command: 'redis-server',
    args: [file, '--sentinel'],
  })
  return {
    ...child,
    stop: async () => {
      const exit = await child.stop(2000)
      await rm(folder, { recursive: true, force: true })
      return exit
    },
  }
}

/** A replica promoted before its first sync is empty: no fault may come before this. */
async function untilFollowing(replica: RedisServer): Promise<void> {
  await waitFor(`the replica on port ${replica.port} to follow`, async () => {
    return (await infoField(replica, 'replication', 'master_link_status')) === 'up'
  })
}

async function untilWatching(port: number, replicas: number): Promise<void> {
  await waitFor(
    `the Sentinel on port ${port} to know the others`,
    async () => {
      const info = await command(port, ['INFO', 'sentinel'])
      return info.includes(`status=ok`) && info.includes(`slaves=${replicas},sentinels=3`)
    },
    20_000,
  )
}

async function named(ports: readonly number[], servers: readonly RedisServer[]): Promise<RedisServer> {
  for (const port of ports) {
    const reply = await command(port, ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME])
    const found = servers.find((server) => reply.includes(`\r\n${server.port}\r\n`))
    if (found !== undefined) return found
  }
  throw new Error('no Sentinel names a primary')
}
