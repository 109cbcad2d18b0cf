// @ts-check
/**
 * The connection and its honest state.
 *
 * @typedef {{ readonly kind: 'connecting' }
 *   | { readonly kind: 'connected', readonly node: string }
 *   | { readonly kind: 'waiting', readonly until: number }
 *   | { readonly kind: 'unplugged' }
 *   | { readonly kind: 'ended', readonly code: number, readonly reason: string }} ConnectionState
 */
import { socketThatTells } from './node-name.js'
import { createRetry } from './retry.js'

/** The SDK's own reconnect timer stays behind as a safety net; see retry.js. */
const SDK_DELAY = 20_000

/** As the SDK's `disconnectedCodes.disconnectCalled`. */
const BY_US = 0

/**
 * Opens a connection and keeps it. `onState` hears every change.
 *
 * @param {{
 *   getToken: () => Promise<string>,
 *   onState: (state: ConnectionState) => void,
 * }} options
 */
export function openConnection({ getToken, onState }) {
  const network = new EventTarget()
  let node = ''
  const client = new Centrifuge(endpoint(), {
    getToken,
    name: 'skein-demo',
    networkEventTarget: network,
    websocket: socketThatTells((name) => {
      node = name
    }),
    minReconnectDelay: SDK_DELAY,
    maxReconnectDelay: SDK_DELAY,
  })

  // To the SDK, "the network is back" means: try now. That is its public way to be told.
  const retry = createRetry(() => {
    onState({ kind: 'connecting' })
    network.dispatchEvent(new Event('online'))
  })
  const wait = () => onState({ kind: 'waiting', until: retry.plan() })

  client.on('connecting', ({ code }) => (code === BY_US ? onState({ kind: 'connecting' }) : wait()))
  client.on('error', () => {
    if (client.state === 'connecting') wait()
  })
  client.on('connected', () => {
    retry.reset()
    onState({ kind: 'connected', node })
  })
  client.on('disconnected', ({ code, reason }) => {
    retry.reset()
    onState(code === BY_US ? { kind: 'unplugged' } : { kind: 'ended', code, reason })
  })

  const stopListening = passOnNetworkEvents(network, retry.now)
  client.connect()

  return {
    client,
    tryNow: retry.now,
    /** Cuts the connection and stays offline until {@link plugIn}. */
    unplug: () => client.disconnect(),
    plugIn: () => client.connect(),
    close() {
      stopListening()
      client.removeAllListeners()
      client.disconnect()
      retry.reset()
    },
  }
}

/** The WebSocket endpoint of the node that served this page. */
function endpoint() {
  const url = new URL('/connection/websocket', location.href)
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
  url.hash = ''
  return url.href
}

/**
 * The browser's own word on the network: a lost one closes the socket at once, instead of after a missed ping.
 *
 * @param {EventTarget} network
 * @param {() => void} tryNow
 */
function passOnNetworkEvents(network, tryNow) {
  const lost = () => network.dispatchEvent(new Event('offline'))
  window.addEventListener('offline', lost)
  window.addEventListener('online', tryNow)
  return () => {
    window.removeEventListener('offline', lost)
    window.removeEventListener('online', tryNow)
  }
}
