/**
 * Hears from the Sentinels that another server is primary now, so that the old one is left at once, whether it still answers
 * or not. A primary that stood still keeps its connections, and takes writes when it wakes that nobody will ever see again.
 *
 * ioredis has this too (`failoverDetector`), for each connection anew, and with errors that only the console hears.
 */
import { Redis } from 'ioredis'
import type { Settings } from '../options.ts'
import type { Endpoint } from './url.ts'

/**
 * `+promoted-slave`: from the Sentinel that leads the failover, once the new primary takes writes. `+switch-master`: from every
 * Sentinel, but seconds later, when the other replicas follow or have been given up. See Redis's Sentinel documentation,
 * "Pub/Sub messages".
 */
const PROMOTED = '+promoted-slave'
const SWITCHED = '+switch-master'
const RETRY_MS = 1000

interface News {
  readonly name: string | undefined
  readonly former: Endpoint
  readonly primary: Endpoint
}

export class SentinelWatch {
  readonly #connections: readonly Redis[]

  /** `onSwitch` hears of the new primary from each Sentinel, and from the one that leads the failover twice. */
  constructor(settings: Settings, onSwitch: (primary: Endpoint) => void) {
    this.#connections = settings.place.endpoints.map((endpoint) => watch(settings, endpoint, onSwitch))
  }

  close(): void {
    for (const connection of this.#connections) connection.disconnect()
  }
}

function watch(settings: Settings, endpoint: Endpoint, onSwitch: (primary: Endpoint) => void): Redis {
  const { place, timing } = settings
  const sentinel = new Redis({
    ...endpoint,
    ...place.sentinelCredentials,
    ...(place.tls && { tls: settings.tls ?? {} }),
    connectTimeout: timing.connect,
    disconnectTimeout: 100,
    keepAlive: 10_000,
    disableClientInfo: true,
    enableReadyCheck: false,
    maxRetriesPerRequest: null,
    retryStrategy: () => RETRY_MS,
  })
  sentinel.on('error', (error) => settings.report(error, `sentinel ${endpoint.host}:${endpoint.port}`))
  sentinel.on('message', (channel, message) => {
    const { name, former, primary } = newsOf(channel, message)
    if (name !== place.name) return
    settings.former.replaced(former, primary)
    onSwitch(primary)
  })
  // Waits for the connection, and is repeated after a reconnect. Apart, since a user's rights may lack one of them.
  for (const channel of [PROMOTED, SWITCHED])
    sentinel.subscribe(channel).catch((error: unknown) => settings.report(error, 'sentinel'))
  return sentinel
}

/**
 * `slave <name> <host> <port> @ <primary's name> <former host> <former port>` or
 * `<primary's name> <former host> <former port> <host> <port>`
 */
function newsOf(channel: string, message: string): News {
  const words = message.split(' ')
  const [name, former, primary] =
    channel === PROMOTED
      ? [words[5], words.slice(6, 8), words.slice(2, 4)]
      : [words[0], words.slice(1, 3), words.slice(3, 5)]
  return { name, former: endpointOf(former), primary: endpointOf(primary) }
}

function endpointOf([host = '', port]: readonly string[]): Endpoint {
  return { host, port: Number(port) }
}
