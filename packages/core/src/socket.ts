/** A socket, as core knows it. `apps/node` implements it for WebSockets, tests with an array. */
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
  /** Sends a close frame. `onClosed` of the connection follows once, in any case. */
  close(close: CloseCode): void
  /** `pause` and `resume` reading: the back-pressure of a full inbox. */
  pause(): void
  resume(): void
  /** Sends a WebSocket ping frame, to connections that asked for it. */
  ping?(): void
}

/** Facts of the handshake. Holds no reference to the request. */
export interface NetworkContext {
  readonly encoding: Encoding
  readonly requestId: string
  /** Of the W3C `traceparent` header, if present. */
  readonly traceId?: string
  readonly remoteAddress: string
  readonly userAgent: string
  readonly origin: string
  /** Unix ms. */
  readonly connectedAt: number
  /** The client asked for WebSocket ping frames instead of pings of the protocol. */
  readonly framePing: boolean
  /** Credentials that the handshake has verified. `connect` needs no token then. */
  readonly credentials?: Credentials
}

/** The verified identity of a connection. */
export interface Credentials {
  readonly user: string
  /** Unix seconds; absent: never. */
  readonly expireAt?: number
  /** JSON text that other clients see as `conn_info`. */
  readonly info?: string
  /** Server-side subscriptions of the token. */
  readonly channels?: Readonly<Record<string, import('./ports.ts').ServerSubscription>>
  /** The token's id and other facts for hooks. Never sent to a client. */
  readonly meta?: Readonly<Record<string, unknown>>
}
