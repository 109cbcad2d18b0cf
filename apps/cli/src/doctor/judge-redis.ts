import type { RedisFacts } from './facts.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const MIN_REDIS_MAJOR = 7
/**
 * As in deploy/redis/redis.conf. The default of 32 MiB closes a node that stalls for one second under load.
 */
const MIN_PUBSUB_LIMIT_BYTES = 64 * 1024 ** 2
const OUTPUT_LIMIT = 'client-output-buffer-limit "pubsub 64mb 32mb 30"'

type Reached = Extract<RedisFacts, { kind: 'reached' }>

export function judgeRedis(redis: RedisFacts): Finding[] {
  switch (redis.kind) {
    case 'none':
      return [judgeMissing(redis.binary)]
    case 'unreachable':
      return [
        fail('redis', `${redis.url} is unreachable: ${redis.reason}`, 'start it, or correct SKEIN_REDIS_URL'),
      ]
    case 'reached':
      return [
        judgeVersion(redis),
        judgeMemory(redis),
        judgePersistence(redis),
        judgeOutput(redis),
        judgePassword(redis),
      ]
  }
}

const judgeMissing = (binary: boolean): Finding =>
  binary
    ? ok('redis', 'not configured; redis-server is installed and "npm start" uses it')
    : warn(
        'redis',
        'not configured and not installed: local clusters are embedded in one process',
        'install redis-server, or set SKEIN_REDIS_URL',
      )

function judgeVersion({ url, version }: Reached): Finding {
  return Number.parseInt(version, 10) >= MIN_REDIS_MAJOR
    ? ok('redis version', `${version} at ${url}`)
    : fail(
        'redis version',
        `${version} at ${url}, older than ${MIN_REDIS_MAJOR}.0`,
        'upgrade Redis: sharded Pub/Sub and scripts require 7.0',
      )
}

function judgeMemory({ maxmemory, maxmemoryPolicy: policy }: Reached): Finding {
  const about = 'redis memory'
  if (policy === undefined) return unknown(about, 'maxmemory-policy')
  if (policy !== 'noeviction') {
    const says = `maxmemory-policy is ${policy}: Redis may evict history and sessions silently`
    return fail(about, says, 'CONFIG SET maxmemory-policy noeviction')
  }
  return maxmemory === 0
    ? warn(
        about,
        'maxmemory is 0: Redis is killed at the memory limit of the machine instead of rejecting writes',
        'set maxmemory below the memory of its machine or container',
      )
    : ok(about, 'maxmemory is set, noeviction')
}

function judgePersistence({ appendonly, save }: Reached): Finding {
  const about = 'redis persistence'
  if (appendonly === undefined) return unknown(about, 'appendonly')
  if (appendonly) return ok(about, 'append-only file')
  return save === true
    ? warn(about, 'snapshots only: a crash loses minutes of history', 'CONFIG SET appendonly yes')
    : warn(
        about,
        'none: a restart loses all history',
        'CONFIG SET appendonly yes, unless losing history is acceptable',
      )
}

function judgeOutput({ pubsubHardLimit: limit }: Reached): Finding {
  const about = 'redis output buffers'
  if (limit === undefined) return unknown(about, 'client-output-buffer-limit')
  if (limit === 0) {
    return warn(
      about,
      'no limit for Pub/Sub: a stalled node can exhaust memory',
      `CONFIG SET ${OUTPUT_LIMIT}`,
    )
  }
  return limit >= MIN_PUBSUB_LIMIT_BYTES
    ? ok(about, `Pub/Sub limit of ${Math.round(limit / 1024 ** 2)} MiB`)
    : warn(about, `Pub/Sub limit of ${limit} bytes: bursts disconnect nodes`, `CONFIG SET ${OUTPUT_LIMIT}`)
}

function judgePassword({ url, password }: Reached): Finding {
  const about = 'redis access'
  if (password) return ok(about, 'password is set')
  return /\/\/(localhost|127\.|\[::1\])/.test(url)
    ? ok(about, 'no password, loopback only')
    : warn(about, 'no password', 'set requirepass or ACL users, and add them to SKEIN_REDIS_URL')
}

const unknown = (about: string, setting: string): Finding =>
  warn(
    about,
    `${setting} cannot be read: CONFIG is not permitted`,
    `check at your provider that ${setting} matches docs/operations/redis.md`,
  )
