/**
 * Receives failovers from the Sentinels, so that the node leaves the old primary at once, even if it still
 * answers. A primary that was stopped keeps its connections. Writes that it accepts after it resumes are
 * lost.
 *
 * ioredis's `failoverDetector` does the same for each connection apart, and logs its errors to the console.
 */
import { Redis } from 'ioredis'
import type { Settings } from './settings.ts'
import type { Endpoint } from './url.ts'

/**
 * `+promoted-slave` comes from the Sentinel that leads the failover, once the new primary accepts writes.
 * `+switch-master` comes from every Sentinel seconds later, when the other replicas have been reconfigured.
 * Redis's Sentinel documentation, "Pub/Sub messages".
 */
const PROMOTED = '+promoted-slave'
const SWITCHED = '+switch-master'
const RECONNECT_MS = 1000

interface Failover {
  readonly name: string | undefined
  readonly former: Endpoint
  readonly primary: Endpoint
}

export class SentinelWatch {
  readonly #connections: readonly Redis[]

  /**
   * `onSwitch` runs once for each message: once for each Sentinel, and twice for the one that leads the
   * failover.
   */
  constructor(settings: Settings, onSwitch: (primary: Endpoint) => void) {
    this.#connections = settings.url.endpoints.map((endpoint) => watch(settings, endpoint, onSwitch))
  }

  close(): void {
    for (const connection of this.#connections) connection.disconnect()
  }
}

function watch(settings: Settings, endpoint: Endpoint, onSwitch: (primary: Endpoint) => void): Redis {
  const { url, timing } = settings
  const sentinel = new Redis({
    ...endpoint,
    ...url.sentinelCredentials,
    ...(url.tls && { tls: settings.tls ?? {} }),
    connectTimeout: timing.connect,
    disconnectTimeout: 100,
    keepAlive: 10_000,
    disableClientInfo: true,
    enableReadyCheck: false,
    maxRetriesPerRequest: null,
    retryStrategy: () => RECONNECT_MS,
  })
  sentinel.on('error', (error) => settings.report(error, `sentinel ${endpoint.host}:${endpoint.port}`))
  sentinel.on('message', (channel, message) => {
    const { name, former, primary } = readFailover(channel, message)
    if (name !== url.name) return
    settings.formerPrimaries.replaced(former, primary)
    onSwitch(primary)
  })
  // ioredis sends it once connected, and again after a reconnect. Each channel apart, since a user may lack
  // the rights for one.
  for (const channel of [PROMOTED, SWITCHED])
    sentinel.subscribe(channel).catch((error: unknown) => settings.report(error, 'sentinel'))
  return sentinel
}

/**
 * `slave <name> <host> <port> @ <primary's name> <former host> <former port>` or
 * `<primary's name> <former host> <former port> <host> <port>`
 */
function readFailover(channel: string, message: string): Failover {
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
