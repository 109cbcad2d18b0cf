/**
 * One Pub/Sub connection: to the one server, or to one primary of a Redis Cluster. It subscribes in batches
 * and restores its subscriptions after a reconnect. A half-open connection looks like a quiet one, and a lost
 * subscription like an idle channel. A silent connection is therefore probed, and Redis reports how many
 * subscriptions it has.
 */

import type { Client } from '../scripts.ts'
import type { Commands } from '../server/commands.ts'
import { connect, reconnect, reconnectUnless } from '../server/connect.ts'
import { Gate } from '../server/gate.ts'
import { Readiness } from '../server/readiness.ts'
import type { Settings } from '../server/settings.ts'
import type { Endpoint } from '../server/url.ts'
import { NotSent } from '../unavailable.ts'
import { Probe, type ProbeResult } from './probe.ts'
import { batches, SubscribeQueue, sendSubscriptions } from './subscribe-queue.ts'

export interface SubscriberListener {
  onMessage(connection: SubscriberConnection, bus: string, text: string): void
  /** All names are subscribed again after an interruption in which messages were lost. */
  onRestored(connection: SubscriberConnection): void
  /** Redis ended subscriptions: their slot has moved. */
  onMoved(connection: SubscriberConnection): void
}

export class SubscriberConnection {
  /** Bus channels of this connection. */
  readonly names = new Set<string>()
  readonly readiness: Readiness
  readonly probe: Probe
  readonly #settings: Settings
  readonly #listener: SubscriberListener
  readonly #sharded: boolean
  readonly #client: Client
  readonly #queue: SubscribeQueue
  /** Open while all names are subscribed. */
  readonly #live: Gate
  #restoreCount = 0
  /** The next restore follows an interruption. */
  #wasLive = false
  #lastMessageAt = 0
  #closed = false

  /** `probeName`: a bus channel of this node alone, and one of `names`. */
  constructor(
    settings: Settings,
    commands: Commands,
    listener: SubscriberListener,
    probeName: () => string,
    endpoint?: Endpoint,
  ) {
    this.#settings = settings
    this.#listener = listener
    this.#sharded = settings.url.kind === 'cluster'
    this.#client = connect(settings, 'bus', endpoint)
    this.readiness = new Readiness(this.#client, settings)
    this.#queue = new SubscribeQueue(this.#client, this.#sharded, settings.bounds.pending)
    this.#live = new Gate(settings.clock, settings.bounds.pending)
    this.probe = new Probe(settings, commands, probeName)
    this.#client.on(this.#sharded ? 'smessage' : 'message', (bus: string, text: string) => {
      this.#lastMessageAt = this.#settings.clock.monotonic()
      this.#listener.onMessage(this, bus, text)
    })
    // ioredis emits it for a redirected SSUBSCRIBE and for subscriptions that the server ended.
    this.#client.on('moved', () => this.#listener.onMoved(this))
    this.#client.on('close', () => this.#live.shut())
    this.readiness.onReady(() => void this.#restore())
  }

  get live(): boolean {
    return this.#live.isOpen
  }

  /** Resolves once messages of this name arrive. If it rejects, the name is not kept. */
  async subscribe(bus: string): Promise<void> {
    this.names.add(bus)
    try {
      await this.#queue.push('subscribe', bus)
    } catch (error) {
      this.names.delete(bus)
      throw error
    }
  }

  async unsubscribe(bus: string): Promise<void> {
    this.names.delete(bus)
    if (this.readiness.isReady) await this.#queue.push('unsubscribe', bus)
  }

  /** Adds names of another connection. Resolves once their messages arrive here; rejects if some may not. */
  async takeOver(names: readonly string[]): Promise<void> {
    for (const bus of names) this.names.add(bus)
    for (const batch of batches(names)) {
      const kept = batch.filter((bus) => this.names.has(bus))
      if (kept.length > 0) await sendSubscriptions(this.#client, 'subscribe', kept, this.#sharded)
    }
  }

  /** The first restore counts as one after an interruption: names were subscribed elsewhere before. */
  expectRestore(): void {
    this.#wasLive = true
  }

  /** Rejects unless all names are subscribed within `timing.command`. */
  async ensureLive(what: string): Promise<void> {
    await this.readiness.whenReady(what)
    if (this.#live.isOpen || (await this.#live.whenOpen(this.#settings.timing.command))) return
    throw new NotSent(`Redis did not ${what}: Pub/Sub is being restored`)
  }

  /** Checks that messages arrive and that Redis has all subscriptions; reconnects otherwise. */
  async verify(): Promise<void> {
    if (!this.#live.isOpen) return
    const missing = await this.#countMissing()
    if (missing > 0) return this.renew(`Redis knows ${missing} subscriptions fewer than it confirmed`)
    if (this.#settings.clock.monotonic() - this.#lastMessageAt < this.#settings.timing.silence) return
    const result: ProbeResult = await this.probe.run()
    if (result === 'lost') this.renew('the Pub/Sub connection no longer delivers')
  }

  /** Replaces the connection. */
  renew(why: string): void {
    if (this.#closed || !this.#live.isOpen) return
    this.#settings.report(new Error(`${why}: reconnecting`), 'bus')
    this.#live.shut()
    reconnect(this.#client)
  }

  /** Replaces the connection if it leads to another server than the new primary. */
  moveTo(primary: Endpoint): void {
    if (reconnectUnless(primary, this.#client)) this.#live.shut()
  }

  close(): Promise<void> {
    this.#closed = true
    this.probe.close()
    return this.readiness.close()
  }

  /** Number of subscriptions that Redis lacks. It is exact only while no request is pending. */
  async #countMissing(): Promise<number> {
    if (this.#queue.pending > 0 || !this.#wasLive) return 0
    const expected = this.names.size
    try {
      const info = await this.#client.client('INFO')
      const found = new RegExp(` ${this.#sharded ? 'ssub' : 'sub'}=(\\d+)`).exec(String(info))?.[1]
      return found === undefined ? 0 : expected - Number(found)
    } catch {
      return 0 // The user lacks the right, or the connection was lost and is restored anyway.
    }
  }

  /** Subscribes to all names, in batches. Then calls `onRestored`, except after the first connection. */
  async #restore(): Promise<void> {
    this.#restoreCount += 1
    const restore = this.#restoreCount
    try {
      // A set that grows during iteration is iterated to its end: a new name is subscribed twice at most.
      for (const batch of batches(this.names)) {
        const kept = batch.filter((bus) => this.names.has(bus))
        if (kept.length > 0) await sendSubscriptions(this.#client, 'subscribe', kept, this.#sharded)
      }
    } catch (error) {
      if (restore !== this.#restoreCount || this.#closed) return
      this.#settings.report(error, 'resubscribe')
      if (this.#client.status === 'ready') reconnect(this.#client)
      return
    }
    if (restore !== this.#restoreCount || !this.readiness.isReady) return
    this.#live.open()
    this.#lastMessageAt = this.#settings.clock.monotonic()
    if (this.#wasLive) this.#listener.onRestored(this)
    this.#wasLive = true
  }
}
