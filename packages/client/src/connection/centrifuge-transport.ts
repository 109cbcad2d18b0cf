/** The transport over the official SDK, which reconnects, backs off, refreshes tokens and recovers. */
import { Centrifuge, type Options, type Subscription, UnauthorizedError } from 'centrifuge'
import type { Position } from '../wire/shapes.ts'
import type { Transport, TransportListener } from './transport.ts'

export interface CentrifugeTransportOptions {
  /** `ws://…/connection/websocket` or `wss://…`. */
  readonly url: string
  /** Returns a fresh JWT. Throwing `Unauthorized` ends the connection. */
  readonly getToken: () => Promise<string>
  readonly device: string
  readonly deviceName: string
  /** Options that override the SDK's defaults. */
  readonly sdk?: Partial<Options> | undefined
}

/** To be thrown by `getToken` when no token can be obtained any more. */
export const Unauthorized = UnauthorizedError

/** The SDK's code of the first `connecting` after `connect()`. */
const CONNECT_CALLED = 0
/** The server's code for a rejected token: see docs/reference/codes.md. */
const INVALID_TOKEN = 3500

export class CentrifugeTransport implements Transport {
  readonly #sdk: Centrifuge
  readonly #rooms = new Map<string, Subscription>()
  #listener: TransportListener | undefined
  /** True until `disconnect` is called. */
  #wanted = false
  /** True when a connection succeeded since the last rejected token, so a new token is worth one attempt. */
  #accepted = false

  constructor({ url, getToken, device, deviceName, sdk }: CentrifugeTransportOptions) {
    const data = { device, deviceName }
    this.#sdk = new Centrifuge(url, { name: 'skein-chat', ...sdk, getToken, data })
  }

  listen(listener: TransportListener): void {
    this.#listener = listener
    this.#sdk
      .on('connecting', ({ code }) => listener.connecting(code !== CONNECT_CALLED))
      .on('connected', () => {
        this.#accepted = true
        listener.connected()
      })
      .on('disconnected', ({ code, reason }) => this.#disconnected(listener, code, reason))
      .on('subscribed', ({ channel, wasRecovering, recovered }) =>
        listener.subscribed(channel, { recovering: wasRecovering, recovered }),
      )
      .on('unsubscribed', ({ channel }) => listener.unsubscribed(channel, undefined))
      .on('publication', ({ channel, data, offset }) => listener.publication(channel, data, offset ?? 0))
  }

  connect(): void {
    this.#wanted = true
    this.#sdk.connect()
  }

  disconnect(): void {
    this.#wanted = false
    this.#sdk.disconnect()
  }

  async call(method: string, request: object): Promise<unknown> {
    const { data } = await this.#sdk.rpc(method, request)
    return data
  }

  subscribe(channel: string, since: Position | undefined): void {
    if (this.#rooms.has(channel)) return
    const room = this.#sdk.newSubscription(channel, since === undefined ? {} : { since })
    this.#rooms.set(channel, room)
    room
      .on('subscribed', ({ wasRecovering, recovered, data }) =>
        this.#listener?.subscribed(channel, { recovering: wasRecovering, recovered, data }),
      )
      .on('unsubscribed', ({ code }) => this.#gone(channel, code))
      .on('publication', ({ data, offset }) => this.#listener?.publication(channel, data, offset ?? 0))
    room.subscribe()
  }

  unsubscribe(channel: string): void {
    const room = this.#rooms.get(channel)
    if (room === undefined) return
    this.#rooms.delete(channel)
    room.removeAllListeners()
    room.unsubscribe()
    this.#sdk.removeSubscription(room)
  }

  /** A restart of the cluster may change its keys, so the transport requests one new token. */
  #disconnected(listener: TransportListener, code: number, reason: string): void {
    if (code !== INVALID_TOKEN || !this.#accepted || !this.#wanted) {
      listener.disconnected(code, reason)
      return
    }
    this.#accepted = false
    listener.connecting(true)
    // The SDK finishes its disconnect first.
    queueMicrotask(() => {
      if (!this.#wanted) return
      this.#sdk.setToken('')
      this.#sdk.connect()
    })
  }

  /** The server ended the subscription permanently. */
  #gone(channel: string, code: number): void {
    this.unsubscribe(channel)
    this.#listener?.unsubscribed(channel, code)
  }
}
