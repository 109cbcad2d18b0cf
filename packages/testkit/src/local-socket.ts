/**
 * A WebSocket class for the SDK that a test controls: source address, address of the next connection, and a
 * cut of the wire without a close frame.
 */
import WebSocket from 'ws'

/** The close event of a socket. */
export interface Closed {
  readonly code: number
  readonly reason: string
}

export interface Wire {
  /** Address of the next connection; the URL given to the SDK is ignored. */
  url: string
  /** 127.0.N.1: the address of another network; absent: the system's choice. */
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
