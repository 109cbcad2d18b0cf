/** The official SDK as an application uses it, with every event recorded, and a wire that a test can cut. */
import type { Encoding } from '@skein/protocol'
import { Centrifuge as JsonCentrifuge, type Options, type SubscriptionOptions } from 'centrifuge'
import { Centrifuge as ProtobufCentrifuge } from 'centrifuge/build/protobuf'
import { type Context, readContext } from './context.ts'
import { type Data, encodeData } from './data.ts'
import { type Closed, localSocketClass, type Wire } from './local-socket.ts'
import { Recording } from './recording.ts'
import { TestSubscription } from './subscription.ts'
import { within } from './wait.ts'

/** The two builds are one class with two codecs; TypeScript sees two because of private members. */
export type Sdk = JsonCentrifuge
const SDK: Readonly<Record<Encoding, typeof JsonCentrifuge>> = {
  json: JsonCentrifuge,
  protobuf: ProtobufCentrifuge as unknown as typeof JsonCentrifuge,
}

export interface ConnectOptions {
  /** `ws://…/connection/websocket`. */
  readonly url: string
  readonly token?: string
  readonly encoding?: Encoding
  /** 127.0.N.1: the address of another network. */
  readonly localAddress?: string
  /** Of the upgrade request. */
  readonly headers?: Readonly<Record<string, string>>
  /** permessage-deflate, as browsers offer it; off by default. */
  readonly offersCompression?: boolean
  /** For error messages. */
  readonly name?: string
  readonly sdk?: Partial<Options>
}

/** Events that the SDK emitted on the client (not on a subscription), in order. */
export interface ClientEvent {
  readonly type: (typeof CLIENT_EVENTS)[number]
  readonly context: Context
}
const CLIENT_EVENTS = [
  'connecting',
  'connected',
  'disconnected',
  'message',
  'error',
  'subscribed',
  'subscribing',
  'unsubscribed',
  'publication',
  'join',
  'leave',
] as const

export class TestClient {
  readonly sdk: Sdk
  readonly encoding: Encoding
  readonly events: Recording<ClientEvent>
  /** The close of each socket. */
  readonly closes: Recording<Closed>
  readonly #name: string
  readonly #wire: Wire

  constructor(options: ConnectOptions) {
    this.encoding = options.encoding ?? 'json'
    this.#name = options.name ?? 'a client'
    this.events = new Recording(`events of ${this.#name}`)
    this.closes = new Recording(`closes of ${this.#name}`)
    this.#wire = {
      url: options.url,
      localAddress: options.localAddress,
      headers: options.headers ?? {},
      offersCompression: options.offersCompression === true,
      onClosed: (closed) => this.closes.push(closed),
      current: undefined,
      attempts: 0,
    }
    this.sdk = new SDK[this.encoding](options.url, {
      minReconnectDelay: 20,
      maxReconnectDelay: 200,
      websocket: localSocketClass(this.#wire),
      ...(options.token === undefined ? {} : { token: options.token }),
      ...options.sdk,
    })
    for (const type of CLIENT_EVENTS) {
      this.sdk.on(type, (context: object) => this.events.push({ type, context: readContext(context) }))
    }
  }

  /** Connects; rejects when the server refuses permanently. */
  async connect(): Promise<this> {
    this.sdk.connect()
    await within(`${this.#name} to connect`, this.sdk.ready(8000), 9000)
    return this
  }

  /** The context of the next event of this type that no other waiter has taken. */
  async next(type: ClientEvent['type'], ms?: number): Promise<Context> {
    return (await this.events.next((event) => event.type === type, ms)).context
  }

  /** Number of events of this type. */
  count(type: ClientEvent['type']): number {
    return this.events.all.filter((event) => event.type === type).length
  }

  /** The id of the latest connection. */
  get id(): string {
    const connected = this.events.all.findLast((event) => event.type === 'connected')
    return connected?.context.client ?? ''
  }

  /** A client-side subscription that records from the first byte; resolves once it is subscribed. */
  async subscribe(channel: string, options: Partial<SubscriptionOptions> = {}): Promise<TestSubscription> {
    const subscription = this.subscription(channel, options)
    await subscription.subscribe()
    return subscription
  }

  /** As {@link subscribe}, without a request to the server yet. */
  subscription(channel: string, options: Partial<SubscriptionOptions> = {}): TestSubscription {
    return new TestSubscription(this.sdk.newSubscription(channel, options), this.encoding, this.#name)
  }

  async publish(channel: string, data: Data): Promise<void> {
    await this.sdk.publish(channel, encodeData(this.encoding, data))
  }

  /** Sockets created: an increase means that the SDK tried to reconnect. */
  get attempts(): number {
    return this.#wire.attempts
  }

  /** Cuts the wire without a close frame, as a lost network does. */
  cut(): void {
    this.#wire.current?.terminate()
  }

  /** The address of the SDK's next connection. */
  moveTo(url: string): void {
    this.#wire.url = url
  }

  close(): void {
    this.sdk.disconnect()
    this.#wire.current?.terminate()
  }
}
