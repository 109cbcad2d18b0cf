import type { RedisFacts } from './facts.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const OLDEST = 7
/** As in deploy/redis/redis.conf: Redis's default of 32 MiB cuts off a node that stalls for a second under heavy load. */
const PUBSUB_LIMIT = 64 * 1024 ** 2
const OUTPUT_LIMIT = 'client-output-buffer-limit "pubsub 64mb 32mb 30"'

type Reached = Extract<RedisFacts, { kind: 'reached' }>

export function judgeRedis(redis: RedisFacts): Finding[] {
  switch (redis.kind) {
    case 'none':
      return [judgeMissing(redis.binary)]
    case 'unreachable':
      return [
        fail(
          'redis',
          `${redis.url} cannot be reached: ${redis.reason}`,
          'start it, or correct SKEIN_REDIS_URL',
        ),
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
    ? ok('redis', 'none is configured; redis-server is installed, "npm start" uses it')
    : warn(
        'redis',
        'none: clusters here are embedded, in one process',
        'install redis-server, or set SKEIN_REDIS_URL',
      )

function judgeVersion({ url, version }: Reached): Finding {
  return Number.parseInt(version, 10) >= OLDEST
    ? ok('redis version', `${version} at ${url}`)
    : fail(
        'redis version',
        `${version} at ${url}, older than ${OLDEST}.0`,
        'upgrade: sharded Pub/Sub and scripts need 7.0',
      )
}

function judgeMemory({ maxmemory, maxmemoryPolicy: policy }: Reached): Finding {
  const about = 'redis memory'
  if (policy === undefined) return unknown(about, 'maxmemory-policy')
  if (policy !== 'noeviction') {
    const says = `maxmemory-policy is ${policy}: history and sessions may be evicted silently`
    return fail(about, says, 'CONFIG SET maxmemory-policy noeviction')
  }
  return maxmemory === 0
    ? warn(
        about,
        'no limit: a full machine ends Redis instead of refusing writes',
        'set maxmemory to what it may have',
      )
    : ok(about, 'limited, noeviction')
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
        'CONFIG SET appendonly yes, unless history may be lost',
      )
}

function judgeOutput({ pubsubHardLimit: limit }: Reached): Finding {
  const about = 'redis output buffers'
  if (limit === undefined) return unknown(about, 'client-output-buffer-limit')
  if (limit === 0) {
    return warn(about, 'no limit for Pub/Sub: a stuck node can fill its memory', `CONFIG SET ${OUTPUT_LIMIT}`)
  }
  return limit >= PUBSUB_LIMIT
    ? ok(about, `Pub/Sub connections are cut at ${Math.round(limit / 1024 ** 2)} MiB`)
    : warn(
        about,
        `Pub/Sub connections are cut at ${limit} bytes: bursts disconnect nodes`,
        `CONFIG SET ${OUTPUT_LIMIT}`,
      )
}

function judgePassword({ url, password }: Reached): Finding {
  const about = 'redis access'
  if (password) return ok(about, 'with a password')
  return /\/\/(localhost|127\.|\[::1\])/.test(url)
    ? ok(about, 'no password, on this machine only')
    : warn(about, 'no password', 'set requirepass or ACL users, and put them into SKEIN_REDIS_URL')
}

const unknown = (about: string, setting: string): Finding =>
  warn(
    about,
    `${setting} cannot be read: CONFIG is not permitted`,
    `see that your provider sets ${setting} as docs/operations/redis.md says`,
  )
