/** What core knows of a socket. `apps/node` makes it from a WebSocket, tests from an array. */
import type { CloseCode, Encoding } from '@skein/protocol'

/** The payload of one WebSocket message. The edge may keep the bytes that it makes of a shared frame. */
export interface Frame {
  readonly encoding: Encoding
  readonly payload: Uint8Array
  /** Many connections receive this very object. */
  readonly shared?: boolean
  /** Of a joined frame for one connection: the frames that it consists of, where some of them are shared. */
  readonly parts?: readonly Frame[]
}

export interface Socket {
  /** Bytes accepted by {@link send} and not yet taken by the kernel. */
  readonly bufferedAmount: number
  send(frame: Frame): void
  /** Ends the connection with a close frame; `onClosed` of the connection follows, once, in any case. */
  close(close: CloseCode): void
  /** Stop and go on reading: the backpressure of a full inbox. */
  pause(): void
  resume(): void
  /** A WebSocket ping frame, for connections that asked for it. */
  ping?(): void
}

/** What the network knows before the client has said anything. Nothing of the request itself is kept. */
export interface NetworkContext {
  readonly encoding: Encoding
  readonly requestId: string
  /** Of the W3C `traceparent` header, where there was one. */
  readonly traceId?: string
  readonly remoteAddress: string
  readonly userAgent: string
  readonly origin: string
  /** Unix ms. */
  readonly connectedAt: number
  /** WebSocket ping frames rather than the application's pings. */
  readonly framePing: boolean
  /** Credentials verified at the handshake, before the upgrade; `connect` needs no token then. */
  readonly credentials?: Credentials
}

/** Who a connection is: the security stage of its context. */
export interface Credentials {
  readonly user: string
  /** Unix seconds; absent: never. */
  readonly expireAt?: number
  /** JSON text that others see as `conn_info`. */
  readonly info?: string
  /** Server-side subscriptions of the token. */
  readonly channels?: Readonly<Record<string, import('./ports.ts').ServerSubscription>>
  /** The token's id and further facts for hooks; never sent to a client. */
  readonly meta?: Readonly<Record<string, unknown>>
}
