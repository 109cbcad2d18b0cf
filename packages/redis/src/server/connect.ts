/**
 * Connections to Redis. Settings that differ from ioredis's defaults:
 *
 * - ioredis queues nothing while offline and resends nothing after a reconnect (`enableOfflineQueue`,
 *   `maxRetriesPerRequest`, `autoResendUnfulfilledCommands`): a publish that was reported as failed must not
 *   happen later, nor twice. A lost connection rejects its commands in flight at once.
 * - Each wait for a reply ends after `timing.command`, and a connection without any reply is closed after as
 *   long again. `deadlines.ts` replaces `commandTimeout` and `socketTimeout`.
 * - `autoResubscribe` is off: `SubscriberConnection` resubscribes in batches and knows when it is done.
 * - A Sentinel that hangs must not delay the search for the primary (`sentinelCommandTimeout`).
 *   `SentinelWatch` reports failovers.
 *
 * ioredis's Cluster client is not used: it resends commands after a redirection or a lost connection, and a
 * publish must know which server executes it (`link.ts`).
 */
import { Redis, type RedisOptions } from 'ioredis'
import { boundReplies } from '../ioredis-internals/deadlines.ts'
import { closeNow, isSearching, peerOf } from '../ioredis-internals/stream.ts'
import type { Client } from '../scripts.ts'
import type { Settings } from './settings.ts'
import { addressOf, type Endpoint } from './url.ts'

/** ioredis's types know the kind of replies by a parameter of their own. */
type Options = Omit<RedisOptions, 'replyMapping'>

const FIRST_RETRY_MS = 50
const LAST_RETRY_MS = 1000
const JITTER_MS = 100
const SENTINEL_RETRY_MS = 200
const DISCONNECT_MS = 100
const KEEP_ALIVE_MS = 10_000

/**
 * Errors of a server that is not the primary any more, or not yet: the next connection may lead to another
 * server.
 */
const WRONG_SERVER = /^(READONLY|MASTERDOWN|LOADING|NOREPLICAS)/

/**
 * `replicated`: publishes that wait for a replica, which would delay everything behind them. `asking`: keys
 * that are being migrated. `slots`: one request, without a retry.
 */
export type Role = 'commands' | 'bus' | 'replicated' | 'asking' | 'slots'

/** Connects to the one server, to the primary that the Sentinels name, or to one server of a Cluster. */
export function connect(settings: Settings, role: Role, endpoint?: Endpoint): Client {
  const redis = new Redis({ ...options(settings, role), ...target(settings, endpoint) })
  redis.on('error', (error) => settings.report(error, `redis ${role}`))
  boundReplies(redis, settings.timing.command)
  settings.define(redis, settings.url.kind === 'cluster')
  return redis as Client
}

/** Replaces the connection at once. */
export function reconnect(client: Client): void {
  // ioredis would take a disconnect during the search as the end of all attempts
  // (`SentinelConnector.connect`, "Connection is closed."). The search leads to the present primary in any
  // case.
  if (!isSearching(client)) closeNow(client, true)
}

/** Replaces a connection that leads to another server than this one, or that waits for its next attempt. */
export function reconnectUnless(endpoint: Endpoint, client: Client): boolean {
  const { status } = client
  // The attempt that was scheduled finds a connection and does nothing.
  if (status === 'reconnecting') void client.connect().catch(() => undefined)
  if (status !== 'ready' || addressOf(peerOf(client)) === addressOf(endpoint)) return false
  reconnect(client)
  return true
}

function target(settings: Settings, endpoint: Endpoint | undefined): Options {
  const { url, timing } = settings
  const { credentials, db } = url
  if (url.kind !== 'sentinel')
    return { ...credentials, db, ...(endpoint ?? url.endpoints[0]), ...tls(settings) }
  const { username, password } = url.sentinelCredentials
  return {
    ...credentials,
    db,
    sentinels: shuffled(url.endpoints),
    name: url.name,
    ...(username !== undefined && { sentinelUsername: username }),
    ...(password !== undefined && { sentinelPassword: password }),
    sentinelCommandTimeout: timing.command,
    sentinelRetryStrategy: () => SENTINEL_RETRY_MS,
    ...(url.tls && { ...tls(settings), sentinelTLS: settings.tls ?? {}, enableTLSForSentinelMode: true }),
  }
}

function tls({ url, tls }: Settings): Options {
  return url.tls ? { tls: tls ?? {} } : {}
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item)
}

function options({ timing, prefix, name }: Settings, role: Role): Options {
  return {
    // The name of a client has no spaces.
    connectionName: `${prefix}-${name}-${role}`.replace(/[^\x21-\x7e]/g, '_'),
    // `TurnBatch` shares scripts instead, which saves more than a pipeline.
    enableAutoPipelining: false,
    connectTimeout: timing.connect,
    disconnectTimeout: DISCONNECT_MS,
    keepAlive: KEEP_ALIVE_MS,
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
