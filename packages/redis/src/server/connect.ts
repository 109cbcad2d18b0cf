/**
 * How a connection to Redis is made. Settings that differ from ioredis's defaults, and why:
 *
 * - Nothing is queued while offline and nothing is resent after a reconnect (`enableOfflineQueue`, `maxRetriesPerRequest`,
 *   `autoResendUnfulfilledCommands`): a publish that was told to have failed must not happen a minute later, nor twice. A
 *   lost connection rejects what was under way at once.
 * - Each wait ends after `timing.command` (`command-deadlines.ts`), and so does a connection that answers nothing at all
 *   (`silence.ts`).
 * - `autoResubscribe` is off: `Feed` resubscribes in batches, and knows when it is done.
 * - A Sentinel that hangs would hold up every attempt to find the primary (`sentinelCommandTimeout`). The news that there is
 *   another one come by `SentinelWatch`.
 *
 * ioredis's own Redis Cluster client is not used: it sends a command again to another server, by a redirection or after a
 * lost connection, and a publish has to know which server it is for (see `link.ts`).
 */
import { Redis, type RedisOptions } from 'ioredis'
import { readDirectly } from '../ioredis-internals/direct-reads.ts'
import { writeByTurn } from '../ioredis-internals/turn-writes.ts'
import type { Settings } from '../options.ts'
import type { Client } from '../scripts.ts'
import type { Endpoint } from './url.ts'

/** ioredis's types know the kind of replies by a parameter of their own. */
type Options = Omit<RedisOptions, 'replyMapping'>

const FIRST_RETRY_MS = 50
const LAST_RETRY_MS = 1000
const JITTER_MS = 100

/** Errors of a server that is no longer, or not yet, the one to talk to: the address may lead elsewhere next time. */
const WRONG_SERVER = /^(READONLY|MASTERDOWN|LOADING|NOREPLICAS)/

/**
 * `replicated`: for publishes that wait for a replica, which would hold up everything behind them. `asking`: for keys that are
 * being moved. `slots`: for one question, tried once.
 */
export type Role = 'commands' | 'bus' | 'replicated' | 'asking' | 'slots'

/** To the one server, to the Sentinels' primary, or to one server of a Cluster. */
export function connect(settings: Settings, role: Role, endpoint?: Endpoint): Client {
  const { place } = settings
  const redis = new Redis({ ...options(settings, role), ...target(settings, endpoint) })
  redis.on('error', (error) => settings.report(error, `redis ${role}`))
  settings.define(redis, place.kind === 'cluster')
  if (settings.fastPaths) {
    readDirectly(redis)
    writeByTurn(redis, settings.timing.command)
  }
  return redis as Client
}

/** Ends the connection at once and makes a new one. `disconnect` alone would wait for the other side, which may be gone. */
export function reconnect(client: Client): void {
  // While it asks the Sentinels there is no connection to end, and ioredis would take this for the end of all attempts
  // (`SentinelConnector.connect`, "Connection is closed."). Whom it finds is the new one, or sends it away.
  if (client.status === 'connecting' && client.stream?.destroyed !== false) return
  client.disconnect(true)
  client.stream?.destroy()
}

/** Where the connection is not to this server, or to none and waiting for its next attempt, it is made anew at once. */
export function leaveFor({ host, port }: Endpoint, client: Client): boolean {
  const { status, stream } = client
  // The attempt that was waited for finds that there is a connection, and does nothing.
  if (status === 'reconnecting') void client.connect().catch(() => undefined)
  if (status !== 'ready' || (stream?.remoteAddress === host && stream.remotePort === port)) return false
  reconnect(client)
  return true
}

function target(settings: Settings, endpoint: Endpoint | undefined): Options {
  const { place, timing } = settings
  const { credentials, db } = place
  if (place.kind !== 'sentinel')
    return { ...credentials, db, ...(endpoint ?? place.endpoints[0]), ...tls(settings) }
  const { username, password } = place.sentinelCredentials
  return {
    ...credentials,
    db,
    sentinels: shuffled(place.endpoints),
    name: place.name,
    ...(username !== undefined && { sentinelUsername: username }),
    ...(password !== undefined && { sentinelPassword: password }),
    sentinelCommandTimeout: timing.command,
    sentinelRetryStrategy: () => 200,
    ...(place.tls && { ...tls(settings), sentinelTLS: settings.tls ?? {}, enableTLSForSentinelMode: true }),
  }
}

function tls({ place, tls }: Settings): Options {
  return place.tls ? { tls: tls ?? {} } : {}
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item)
}

function options({ timing, prefix, name, fastPaths }: Settings, role: Role): Options {
  return {
    // ioredis's own deadlines. The fast paths have theirs, with one timer for a whole connection.
    ...(!fastPaths && { commandTimeout: timing.command, socketTimeout: timing.command }),
    // A client's name has no spaces.
    connectionName: `${prefix}-${name}-${role}`.replace(/[^\x21-\x7e]/g, '_'),
    // `turn-writes.ts` batches what one turn of the event loop asks, for less.
    enableAutoPipelining: false,
    connectTimeout: timing.connect,
    disconnectTimeout: 100,
    keepAlive: 10_000,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    disableClientInfo: true,
    retryStrategy: (times) => (role === 'slots' ? null : backoff(times)),
    reconnectOnError: (error) => WRONG_SERVER.test(error.message),
  }
}

function backoff(times: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(times - 1, 10), LAST_RETRY_MS) + Math.random() * JITTER_MS
}
