/**
 * A WebSocket class for the SDK that a test holds in its hand: it chooses the source address, where the next connection
 * goes, and can cut the wire without a close frame.
 */
import WebSocket from 'ws'

/** How a socket ended, as the WebSocket said it. */
export interface Closed {
  readonly code: number
  readonly reason: string
}

export interface Wire {
  /** Where the next connection goes; the URL given to the SDK is ignored. */
  url: string
  /** 127.0.N.1, to look like another network; absent: the system's choice. */
  readonly localAddress: string | undefined
  readonly headers: Readonly<Record<string, string>>
  /** permessage-deflate, as browsers do. */
  readonly offersCompression: boolean
  readonly onClosed: (closed: Closed) => void
  /** The socket of the latest attempt. */
  current: WebSocket | undefined
  /** Sockets made so far. */
  attempts: number
}

export function localSocketClass(wire: Wire): typeof WebSocket {
  return class LocalWebSocket extends WebSocket {
    constructor(_url: string | URL, protocols?: string | string[]) {
      super(wire.url, protocols ?? [], {
        headers: wire.headers,
        perMessageDeflate: wire.offersCompression && { threshold: 0 },
        ...(wire.localAddress === undefined ? {} : { localAddress: wire.localAddress }),
      })
      wire.current = this
      wire.attempts += 1
      this.once('close', (code, reason) => wire.onClosed({ code, reason: reason.toString() }))
    }
  } as typeof WebSocket
}
