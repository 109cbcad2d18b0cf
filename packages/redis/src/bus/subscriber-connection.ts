/**
 * One Pub/Sub connection: to the one server, or to one primary of a Redis Cluster. Subscriptions in batches, restored after a
 * reconnect. A half-open connection looks exactly like a quiet one, and a subscription that Redis has lost like an idle
 * channel: the connection is tried when it has been silent for long, and Redis is asked how many subscriptions it knows.
 */

import type { Settings } from '../options.ts'
import type { Client } from '../scripts.ts'
import type { Commands } from '../server/commands.ts'
import { connect, leaveFor, reconnect } from '../server/connect.ts'
import { Gate } from '../server/gate.ts'
import { ReadySignal } from '../server/readiness.ts'
import type { Endpoint } from '../server/url.ts'
import { NotSent } from '../unavailable.ts'
import { Probe, type ProbeResult } from './probe.ts'
import { batches, SubscribeQueue, tell } from './subscribe-queue.ts'

export interface FeedListener {
  onMessage(feed: Feed, bus: string, text: string): void
  /** All names are listened to again, after a time in which messages were lost. */
  onRestored(feed: Feed): void
  /** The server ended subscriptions by itself: their slot has moved. */
  onMoved(feed: Feed): void
}

export class Feed {
  /** What is to be listened to here. */
  readonly names = new Set<string>()
  readonly ready: ReadySignal
  readonly probe: Probe
  readonly #settings: Settings
  readonly #listener: FeedListener
  readonly #sharded: boolean
  readonly #client: Client
  readonly #queue: SubscribeQueue
  /** Open while all names are listened to. */
  readonly #live: Gate
  #restores = 0
  /** The next time that everything is listened to is a return. */
  #wasLive = false
  #lastHeard = 0
  #closed = false

  /** `probeName`: a name of this node alone, in `names`, that this connection hears. */
  constructor(
    settings: Settings,
    commands: Commands,
    listener: FeedListener,
    probeName: () => string,
    endpoint?: Endpoint,
  ) {
    this.#settings = settings
    this.#listener = listener
    this.#sharded = settings.place.kind === 'cluster'
    this.#client = connect(settings, 'bus', endpoint)
    this.ready = new ReadySignal(this.#client, settings)
    this.#queue = new SubscribeQueue(this.#client, this.#sharded, settings.bounds.pending)
    this.#live = new Gate(settings.clock, settings.bounds.pending)
    this.probe = new Probe(settings, commands, probeName)
    this.#client.on(this.#sharded ? 'smessage' : 'message', (bus: string, text: string) => {
      this.#lastHeard = this.#settings.clock.monotonic()
      this.#listener.onMessage(this, bus, text)
    })
    // Emitted by ioredis for a SSUBSCRIBE that was redirected and for subscriptions that the server ended.
    this.#client.on('moved', () => this.#listener.onMoved(this))
    this.#client.on('close', () => this.#live.shut())
    this.ready.onUp(() => void this.#restore())
  }

  get live(): boolean {
    return this.#live.isOpen
  }

  /** Resolves once messages of this name arrive. When it rejects, the name is not kept. */
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
    if (this.ready.up) await this.#queue.push('unsubscribe', bus)
  }

  /** Names that were another connection's. Resolves once their messages arrive here; rejects where they may not. */
  async takeOver(names: readonly string[]): Promise<void> {
    for (const bus of names) this.names.add(bus)
    for (const batch of batches(names)) {
      const kept = batch.filter((bus) => this.names.has(bus))
      if (kept.length > 0) await tell(this.#client, 'subscribe', kept, this.#sharded)
    }
  }

  /** Its first time is a return too: names are here that were elsewhere before. */
  owe(): void {
    this.#wasLive = true
  }

  /** Rejects unless all names are listened to now, or soon. */
  async heard(what: string): Promise<void> {
    await this.ready.wait(what)
    if (this.#live.isOpen || (await this.#live.opened(this.#settings.timing.command))) return
    throw new NotSent(`Redis did not ${what}: Pub/Sub is being restored`)
  }

  /** Finds out whether messages arrive and all subscriptions are there, and starts anew where not. */
  async look(): Promise<void> {
    if (!this.#live.isOpen) return
    const missing = await this.#missing()
    if (missing > 0) return this.renew(`Redis knows ${missing} subscriptions less than it confirmed`)
    if (this.#settings.clock.monotonic() - this.#lastHeard < this.#settings.timing.silence) return
    const result: ProbeResult = await this.probe.run()
    if (result === 'lost') this.renew('the Pub/Sub connection no longer delivers')
  }

  /** A new connection instead of this one. */
  renew(why: string): void {
    if (this.#closed || !this.#live.isOpen) return
    this.#settings.report(new Error(`${why}: reconnecting`), 'bus')
    this.#live.shut()
    reconnect(this.#client)
  }

  /** Another server is primary now. */
  leave(primary: Endpoint): void {
    if (leaveFor(primary, this.#client)) this.#live.shut()
  }

  close(): Promise<void> {
    this.#closed = true
    this.probe.close()
    return this.ready.close()
  }

  /** How many subscriptions Redis lacks. Only while none is under way is the number certain. */
  async #missing(): Promise<number> {
    if (this.#queue.pending > 0 || !this.#wasLive) return 0
    const expected = this.names.size
    try {
      const info = await this.#client.client('INFO')
      const found = new RegExp(` ${this.#sharded ? 'ssub' : 'sub'}=(\\d+)`).exec(String(info))?.[1]
      return found === undefined ? 0 : expected - Number(found)
    } catch {
      return 0 // Not allowed, or lost with the connection, which tells of itself.
    }
  }

  /** Listens again to everything, in batches; then says so, unless this is the first time. */
  async #restore(): Promise<void> {
    this.#restores += 1
    const restore = this.#restores
    try {
      // A set that grows while it is walked is walked to its end: whoever comes in meanwhile is asked for twice at most.
      for (const batch of batches(this.names)) {
        const kept = batch.filter((bus) => this.names.has(bus))
        if (kept.length > 0) await tell(this.#client, 'subscribe', kept, this.#sharded)
      }
    } catch (error) {
      if (restore !== this.#restores || this.#closed) return
      this.#settings.report(error, 'resubscribe')
      if (this.#client.status === 'ready') reconnect(this.#client)
      return
    }
    if (restore !== this.#restores || !this.ready.up) return
    this.#live.open()
    this.#lastHeard = this.#settings.clock.monotonic()
    if (this.#wasLive) this.#listener.onRestored(this)
    this.#wasLive = true
  }
}
