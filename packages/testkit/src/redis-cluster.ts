/** A private Redis Cluster: three primaries, a replica each, on free ports, ended by their pids. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'
import { infoField, type RedisServer, startRedis } from './redis-server.ts'
import { REPLICATION, sever } from './replication.ts'
import { waitFor } from './wait.ts'

export interface RedisClusterOptions {
  /** Milliseconds without a reply after which a server counts as dead. Default: 1500. */
  readonly nodeTimeout?: number
  /** Further settings of every server, or of each. */
  readonly settings?: readonly string[] | (() => Promise<readonly string[]>)
}

export interface RedisClusterSetup {
  /** `redis+cluster://…`, naming two of the servers. */
  readonly url: string
  readonly servers: readonly RedisServer[]
  /** The primary that serves the key's slot now, by the view of all reachable servers. */
  primaryOf(key: string): Promise<RedisServer>
  /** From now on no write of this primary reaches its replica. */
  severReplication(primary: RedisServer): Promise<void>
  /**
   * Moves the key's slot with its keys to another primary. Returns the new one. `during` runs when the keys
   * are moved and the slot is not.
   */
  moveSlotOf(key: string, during?: () => Promise<void>): Promise<RedisServer>
  primaries(): Promise<readonly RedisServer[]>
  stop(): Promise<void>
}

const MASTERS = 3

export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisClusterSetup> {
  const servers: RedisServer[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()))
  }
  try {
    await Promise.all(Array.from({ length: 2 * MASTERS }, async () => servers.push(await startOne(options))))
    await form(servers)
    return setup(servers, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

async function startOne({ nodeTimeout = 1500, settings = [] }: RedisClusterOptions): Promise<RedisServer> {
  // Full coverage would stop all shards while one has no primary.
  const coverage = ['--cluster-require-full-coverage', 'no']
  const cluster = ['--cluster-enabled', 'yes', '--cluster-node-timeout', `${nodeTimeout}`, ...coverage]
  // The default, port + 10000, may belong to an outgoing connection.
  const bus = ['--cluster-port', `${await freePort()}`]
  const own = typeof settings === 'function' ? await settings() : settings
  return await startRedis({ settings: [...cluster, ...bus, ...REPLICATION, ...own] })
}

async function form(servers: readonly RedisServer[]): Promise<void> {
  const addresses = servers.map((server) => `127.0.0.1:${server.port}`)
  const create = ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes']
  await promisify(execFile)('redis-cli', create)
  for (const server of servers) {
    await waitFor(`the cluster, as port ${server.port} sees it`, async () => {
      const [info, role, link] = await Promise.all([
        server.command('CLUSTER', 'INFO'),
        infoField(server, 'replication', 'role'),
        infoField(server, 'replication', 'master_link_status'),
      ])
      return (
        info.includes('cluster_state:ok') &&
        info.includes(`cluster_known_nodes:${2 * MASTERS}`) &&
        (role === 'master' || link === 'up')
      )
    })
  }
}

function setup(servers: readonly RedisServer[], stop: () => Promise<void>): RedisClusterSetup {
  const primaryOf = (key: string) => serving(servers, key)
  return {
    url: `redis+cluster://${servers
      .slice(0, 2)
      .map((server) => `127.0.0.1:${server.port}`)
      .join(',')}`,
    servers,
    primaryOf,
    severReplication: sever,
    moveSlotOf: (key, during) => move(servers, key, during),
    primaries: () => primaries(servers),
    stop,
  }
}

async function primaries(servers: readonly RedisServer[]): Promise<RedisServer[]> {
  const roles = await Promise.all(
    servers.map((server) => infoField(server, 'replication', 'role').catch(() => 'dead')),
  )
  return servers.filter((_server, at) => roles[at] === 'master')
}

/** Asks for the key: the server that sends no redirect serves it. A replica always redirects. */
async function serving(servers: readonly RedisServer[], key: string): Promise<RedisServer> {
  for (const server of await primaries(servers)) {
    if (!(await server.command('EXISTS', key)).startsWith('-')) return server
  }
  throw new Error(`nobody serves ${key}`)
}

async function move(
  servers: readonly RedisServer[],
  key: string,
  during?: () => Promise<void>,
): Promise<RedisServer> {
  const from = await serving(servers, key)
  const to = (await primaries(servers)).find((server) => server !== from)
  if (to === undefined) throw new Error('there is no other primary')
  const slot = lastLine(await from.command('CLUSTER', 'KEYSLOT', key)).slice(1)
  const ids = await Promise.all([from, to].map((server) => idOf(server)))
  const [fromId = '', toId = ''] = ids
  await to.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId)
  await from.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId)
  for (;;) {
    const reply = await from.command('CLUSTER', 'GETKEYSINSLOT', slot, '100')
    const keys = reply.split('\r\n').filter((line) => line !== '' && !/^[*$+]/.test(line))
    if (keys.length === 0) break
    await from.command('MIGRATE', '127.0.0.1', `${to.port}`, '', '0', '5000', 'KEYS', ...keys)
  }
  await during?.()
  // In this order, and once each: a repeated SETSLOT ends the subscriptions of the slot again.
  for (const server of new Set([to, from, ...(await primaries(servers))])) {
    await server.command('CLUSTER', 'SETSLOT', slot, 'NODE', toId)
  }
  return to
}

async function idOf(server: RedisServer): Promise<string> {
  return (await server.command('CLUSTER', 'MYID')).split('\r\n')[1] ?? ''
}

function lastLine(reply: string): string {
  return reply.split('\r\n').find((line) => line.startsWith(':')) ?? ''
}
