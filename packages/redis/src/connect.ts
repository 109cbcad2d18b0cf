/**
 * How a connection to Redis is made. Settings that differ from ioredis's defaults, and why:
 *
 * - Nothing is queued while offline and nothing is resent after a reconnect (`enableOfflineQueue`, `maxRetriesPerRequest`,
 *   `autoResendUnfulfilledCommands`): a publish that was told to have failed must not happen a minute later, nor twice. A
 *   lost connection rejects what was under way at once.
 * - `commandTimeout` ends each wait; `socketTimeout` ends a connection that answers nothing at all, since commands given up
 *   stay in ioredis's queue until it is closed.
 * - `autoResubscribe` is off: `Bus` resubscribes in batches, and knows when it is done.
 */
import { Redis, type RedisOptions } from 'ioredis'
import type { Settings } from './options.ts'
import { type Client, withScripts } from './scripts.ts'

const FIRST_RETRY_MS = 50
const LAST_RETRY_MS = 1000
const JITTER_MS = 100

/** Errors of a server that is no longer, or not yet, the one to talk to: the address may lead elsewhere next time. */
const WRONG_SERVER = /^(READONLY|MASTERDOWN|LOADING|NOREPLICAS)/

export function connect(settings: Settings, role: 'commands' | 'bus'): Client {
  const redis = new Redis(settings.url, options(settings, role))
  redis.on('error', (error) => settings.report(error, `redis ${role}`))
  return withScripts(redis)
}

/** Ends the connection at once and makes a new one. `disconnect` alone would wait for the other side, which may be gone. */
export function reconnect(client: Client): void {
  client.disconnect(true)
  client.stream?.destroy()
}

function options({ timing, tls, prefix, name }: Settings, role: 'commands' | 'bus') {
  return {
    ...(tls === undefined ? {} : { tls }),
    // A client's name has no spaces.
    connectionName: `${prefix}-${name}-${role}`.replace(/[^\x21-\x7e]/g, '_'),
    // Batches what one turn of the event loop asks. Publishing has its own way: see `broker.ts`.
    enableAutoPipelining: role === 'commands',
    autoPipeliningIgnoredCommands: ['publishStream', 'deliver', 'publish', 'ping'],
    connectTimeout: timing.connect,
    commandTimeout: timing.command,
    socketTimeout: timing.command * 2,
    keepAlive: 10_000,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    disableClientInfo: true,
    retryStrategy: (times) =>
      Math.min(FIRST_RETRY_MS * 2 ** Math.min(times - 1, 10), LAST_RETRY_MS) + Math.random() * JITTER_MS,
    reconnectOnError: (error) => WRONG_SERVER.test(error.message),
  } satisfies RedisOptions
}
