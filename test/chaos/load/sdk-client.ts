/** The official SDK as a client of the load: the behaviour of bare clients through code of another author. */
import type { Encoding } from '@skein/protocol'
import { decodeData, signToken, TestClient } from '@skein/testkit'
import { readData } from './data.ts'
import type { Lines } from './lines.ts'
import { type Member, stands } from './member.ts'
import type { Top } from './plan.ts'

export interface SdkOptions {
  readonly lines: Lines
  readonly channels: readonly string[]
  readonly encoding: Encoding
  readonly localAddress: string
  readonly url: () => string
}

/** An address without a listener: a client that is away fails to connect there. */
const NOWHERE = 'ws://127.0.0.1:9/'

export class SdkClient implements Member {
  readonly #options: SdkOptions
  readonly #client: TestClient
  readonly #positions = new Map<string, Top>()
  readonly #subscribed = new Set<string>()
  #away = true

  constructor(options: SdkOptions) {
    const { lines, url, encoding, localAddress } = options
    this.#options = options
    this.#client = new TestClient({
      url: url(),
      encoding,
      localAddress,
      token: signToken({ sub: lines.client }),
      name: lines.client,
      sdk: { maxReconnectDelay: 3000, minReconnectDelay: 200, maxServerPingDelay: 3000, timeout: 5000 },
    })
    this.#client.sdk.on('connecting', ({ code }) => this.#onLeft(code))
    this.#client.sdk.on('disconnected', ({ code, reason }) => {
      if (code !== 0) lines.say('broken', { what: `the SDK gave up: ${code} ${reason}` })
    })
    for (const channel of options.channels) this.#listen(channel)
  }

  get name(): string {
    return this.#options.lines.client
  }

  get live(): boolean {
    return this.#subscribed.size === this.#options.channels.length
  }

  get gone(): boolean {
    return false
  }

  start(): void {
    this.#away = false
    this.#client.sdk.connect()
  }

  cut(): void {
    if (this.#away) return
    this.#away = true
    this.#client.moveTo(NOWHERE)
    this.#client.cut()
  }

  comeBack(): void {
    if (!this.#away) return
    this.#away = false
    this.#client.moveTo(this.#options.url())
    this.#options.lines.say('returned', {})
  }

  /** The SDK cannot pause reading; tests of slow clients use bare ones. */
  freeze(): void {
    throw new Error('an SDK client cannot be frozen')
  }

  standsAt(tops: ReadonlyMap<string, Top>): boolean {
    return this.live && stands(this.#positions, tops)
  }

  stop(): void {
    this.#client.close()
  }

  #onLeft(code: number): void {
    if (this.#subscribed.size === 0) return
    this.#subscribed.clear()
    this.#options.lines.say('left', { own: this.#away, code })
    if (!this.#away) this.#client.moveTo(this.#options.url())
  }

  #listen(channel: string): void {
    const { lines } = this.#options
    const subscription = this.#client.sdk.newSubscription(channel)
    subscription.on('subscribed', ({ wasRecovering, recovered, streamPosition }) => {
      const { epoch = '', offset = 0 } = streamPosition ?? {}
      this.#subscribed.add(channel)
      // Recovered publications follow; only the epoch is new here.
      const asked = wasRecovering ? { recovered } : {}
      const from = wasRecovering && recovered ? (this.#positions.get(channel)?.offset ?? offset) : offset
      this.#positions.set(channel, { channel, epoch, offset: from })
      lines.say('subscribed', { channel, epoch, offset: from, ...asked })
    })
    subscription.on('subscribing', ({ code }) => {
      if (!this.#subscribed.delete(channel)) return
      if (code === 2500 || code === 3010) lines.say('doubted', { channel, code })
    })
    subscription.on('publication', ({ data, offset = 0 }) => {
      const position = this.#positions.get(channel)
      if (position !== undefined && offset > 0) this.#positions.set(channel, { ...position, offset })
      const identity = readData(JSON.stringify(decodeData(data)))
      if (identity !== undefined) lines.say('delivered', { channel, offset, ...identity })
    })
    subscription.subscribe()
  }
}
