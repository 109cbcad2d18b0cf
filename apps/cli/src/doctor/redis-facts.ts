/** Reads version, settings and replication state of a Redis. */
import { askRedis, type Reply } from '../resp.ts'
import { redactUrl } from '../up/table.ts'
import type { RedisFacts } from './facts.ts'

const SETTINGS = [
  'maxmemory-policy',
  'maxmemory',
  'appendonly',
  'save',
  'client-output-buffer-limit',
] as const

/** `url` is undefined if no Redis is configured. `binary`: redis-server is installed. */
export async function redisFacts(url: string | undefined, binary: boolean): Promise<RedisFacts> {
  if (url === undefined) return { kind: 'none', binary }
  try {
    const at = await dataServer(url)
    const [info, replication, ...settings] = await askRedis(at, [
      ['INFO', 'server'],
      ['INFO', 'replication'],
      ...SETTINGS.map((name) => ['CONFIG', 'GET', name]),
    ])
    return factsOf(redactUrl(url), at, [info, replication], settings)
  } catch (error) {
    return {
      kind: 'unreachable',
      url: redactUrl(url),
      reason: error instanceof Error ? error.message : String(error),
    }
  }
}

function factsOf(
  url: string,
  at: string,
  [info, replication]: readonly (Reply | undefined)[],
  replies: readonly Reply[],
): RedisFacts {
  if (info instanceof Error) throw info
  const [policy, memory, appendonly, save, output] = replies.map(settingOf)
  return {
    kind: 'reached',
    url,
    version: /^(?:redis|valkey)_version:(\S+)/m.exec(String(info))?.[1] ?? '0',
    maxmemoryPolicy: policy,
    maxmemory: memory === undefined ? undefined : Number(memory),
    appendonly: appendonly === undefined ? undefined : appendonly === 'yes',
    save: save === undefined ? undefined : save !== '',
    pubsubHardLimit: output === undefined ? undefined : Number(/pubsub (\d+)/.exec(output)?.[1] ?? 0),
    password: new URL(at).password !== '',
    replicas: replicasOf(String(replication)),
  }
}

const replicasOf = (replication: string): number | undefined => {
  const count = /^connected_slaves:(\d+)/m.exec(replication)?.[1]
  return count === undefined || !/^role:master/m.test(replication) ? undefined : Number(count)
}

/** `CONFIG GET x` replies with [name, value], or with an error if CONFIG is not permitted. */
const settingOf = (reply: Reply): string | undefined =>
  Array.isArray(reply) && reply.length === 2 ? String(reply[1]) : undefined

/**
 * URL of one server that holds data: the server itself, the first server of a Cluster, or the primary that
 * the first Sentinel reports for the name at the end of the URL.
 */
async function dataServer(url: string): Promise<string> {
  const [, kind, login = '', hosts = '', name = ''] =
    /^redis\+(sentinel|cluster):\/\/([^@/]*@)?([^/]+)(?:\/([^?]*))?/.exec(url) ?? []
  if (kind === undefined) return url
  const first = hosts.split(',')[0] ?? ''
  if (kind === 'cluster') return `redis://${login}${first}`
  const [primary] = await askRedis(`redis://${first}`, [['SENTINEL', 'get-master-addr-by-name', name]])
  if (!Array.isArray(primary)) throw new Error(`the Sentinel at ${first} monitors no primary named "${name}"`)
  return `redis://${login}${String(primary[0])}:${String(primary[1])}`
}
