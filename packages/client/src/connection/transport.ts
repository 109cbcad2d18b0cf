/**
 * What the client needs of a connection. `centrifuge-transport.ts` is it over the official SDK; tests script
 * one.
 */
import type { Position } from '../wire/shapes.ts'

export interface Subscribed {
  /** The server was asked for what was missed since a position. */
  readonly recovering: boolean
  /**
   * All that was missed follows. With `recovering` and not this: something is lost, and must be read again.
   */
  readonly recovered: boolean
  /** What the server tells with the subscription. */
  readonly data?: unknown
}

export interface TransportListener {
  /** A connection is being made; `again`: one was lost. */
  connecting(again: boolean): void
  /** Server-side subscriptions are told right after. */
  connected(): void
  /**
   * Over until {@link Transport.connect}: by the own wish, or with a code after which the SDK does not try
   * again.
   */
  disconnected(code: number, reason: string): void
  /** A subscription, own or the server's, is live: what is missed follows at once, then what is new. */
  subscribed(channel: string, how: Subscribed): void
  /** `code` undefined: by {@link Transport.unsubscribe}, or the connection made anew has it no more. */
  unsubscribed(channel: string, code: number | undefined): void
  /** In the channel's order; 0: the channel keeps no history of it. */
  publication(channel: string, data: unknown, offset: number): void
}

export interface Transport {
  listen(listener: TransportListener): void
  connect(): void
  disconnect(): void
  /** Rejects with what `toChatError` understands. */
  call(method: string, request: object): Promise<unknown>
  /** Without a position: from now on. A channel that is subscribed already is left as it is. */
  subscribe(channel: string, since: Position | undefined): void
  unsubscribe(channel: string): void
}
