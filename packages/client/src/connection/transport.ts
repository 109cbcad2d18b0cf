/**
 * The connection that the client needs. `centrifuge-transport.ts` implements it over the official SDK; tests
 * script it.
 */
import type { Position } from '../wire/shapes.ts'

export interface Subscribed {
  /** The client asked the server to recover from a position. */
  readonly recovering: boolean
  /**
   * All missed publications follow. If `recovering` is true and this is false, publications were lost and
   * must be reloaded.
   */
  readonly recovered: boolean
  /** Data of the server's subscribe reply. */
  readonly data?: unknown
}

export interface TransportListener {
  /** An attempt begins. `again` is true after a lost connection. */
  connecting(again: boolean): void
  /** The server-side subscriptions follow immediately. */
  connected(): void
  /**
   * Disconnected until {@link Transport.connect}: deliberately, or with a code after which the SDK does not
   * retry.
   */
  disconnected(code: number, reason: string): void
  /** A client-side or server-side subscription is live. Missed publications follow at once, then new ones. */
  subscribed(channel: string, how: Subscribed): void
  /**
   * `code` is undefined after {@link Transport.unsubscribe}, or when a new connection lacks the subscription.
   */
  unsubscribed(channel: string, code: number | undefined): void
  /** Publications in the channel's order. Offset 0: the channel keeps no history. */
  publication(channel: string, data: unknown, offset: number): void
}

export interface Transport {
  listen(listener: TransportListener): void
  connect(): void
  disconnect(): void
  /** Rejects with an error that `toChatError` converts. */
  call(method: string, request: object): Promise<unknown>
  /** Subscribes from the position, or without one from now on. No effect on a subscribed channel. */
  subscribe(channel: string, since: Position | undefined): void
  unsubscribe(channel: string): void
}
