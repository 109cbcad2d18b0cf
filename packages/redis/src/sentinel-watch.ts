/**
 * Hears from the Sentinels that another server is primary now, so that the old one is left at once, whether it still answers
 * or not. A primary that stood still keeps its connections, and takes writes when it wakes that nobody will ever see again.
 *
 * ioredis has this too (`failoverDetector`), for each connection anew, and with errors that only the console hears.
 */
import { Redis } from 'ioredis'
import type { Settings } from './options.ts'
import type { Endpoint } from './place.ts'

const NEWS = '+switch-master'
const RETRY_MS = 1000

export class SentinelWatch {
  readonly #connections: readonly Redis[]

  /** `onSwitch` hears of the new primary from each Sentinel. */
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
  // `<name> <old host> <old port> <new host> <new port>`
  sentinel.on('message', (_channel, news) => {
    const [name, oldHost = '', oldPort, host = '', port] = news.split(' ')
    if (name !== place.name) return
    const primary = { host, port: Number(port) }
    settings.former.replaced({ host: oldHost, port: Number(oldPort) }, primary)
    onSwitch(primary)
  })
  // Waits for the connection, and is repeated after a reconnect.
  sentinel.subscribe(NEWS).catch((error: unknown) => settings.report(error, 'sentinel'))
  return sentinel
}
