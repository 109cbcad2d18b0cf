/**
 * What this node wants to hear, and who is told of it. A name is heard on one Pub/Sub connection (`Feed`); in a Redis Cluster
 * it moves to another when its slot does, and what came by another connection than the name's own is ignored: a primary that
 * became a replica still has our subscriptions, and would deliver everything twice.
 */
import type { BrokerListener, Clock, ControlMessage, Timer } from '@skein/core'
import type { Keys } from '../keys.ts'
import type { Settings } from '../options.ts'
import type { Commands } from '../server/commands.ts'
import type { Slots } from '../slots/slots.ts'
import { NotSent, unavailable } from '../unavailable.ts'
import { deliver, readAddress } from './message.ts'
import type { Feed, FeedListener } from './subscriber-connection.ts'
import { type Feeds, OneFeed, SlotFeeds } from './subscriber-routing.ts'

/** Tries to subscribe while the name's slot is on its way to another server. */
const TRIES = 3

interface Wish {
  /** `undefined` for a name of this node's own. */
  readonly channel: string | undefined
  feed: Feed | undefined
}

export class Bus implements FeedListener {
  listener: BrokerListener | undefined
  onControl: ((message: ControlMessage) => void) | undefined
  readonly #settings: Settings
  readonly #clock: Clock
  readonly #keys: Keys
  readonly #feeds: Feeds
  /** By bus channel. */
  readonly #wanted = new Map<string, Wish>()
  /** This node's own bus channel. */
  #node: string
  #timer: Timer | undefined
  #damaged = 0
  #closed = false

  constructor(settings: Settings, keys: Keys, commands: Commands, uid: string, slots: Slots | undefined) {
    this.#settings = settings
    this.#clock = settings.clock
    this.#keys = keys
    this.#node = keys.node(uid)
    const node = () => this.#node
    this.#feeds =
      slots === undefined
        ? new OneFeed(settings, commands, this, node)
        : new SlotFeeds(settings, commands, this, node, slots)
    for (const own of [keys.control, this.#node]) this.#want(own, undefined)
    this.#feeds.onChange(() => this.#follow())
    commands.onSwitch((primary) => {
      for (const feed of this.#feeds.all()) feed.leave(primary)
    })
    this.#follow()
    this.#watch()
  }

  /** Whether everything wanted is listened to now. */
  get live(): boolean {
    const feeds = this.#feeds.all()
    return feeds.length > 0 && feeds.every((feed) => feed.live)
  }

  /** Messages that could not be read. */
  get damaged(): number {
    return this.#damaged
  }

  /** Pub/Sub connections. */
  feeds(): readonly Feed[] {
    return this.#feeds.all()
  }

  /** Resolves once the channel's messages reach the listener. */
  async subscribe(channel: string): Promise<void> {
    await this.#subscribe(this.#keys.bus(channel), channel, `subscribe to ${channel}`)
  }

  /** From here on nothing of the channel reaches the listener, whatever Redis says. */
  async unsubscribe(channel: string): Promise<void> {
    const bus = this.#keys.bus(channel)
    const wish = this.#wanted.get(bus)
    this.#wanted.delete(bus)
    try {
      await wish?.feed?.unsubscribe(bus)
    } catch (error) {
      this.#settings.report(error, `unsubscribe from ${channel}`)
    }
  }

  /** Moves this node's own bus channel to another incarnation. Until it is heard there, it is tried where it was. */
  async moveTo(uid: string): Promise<void> {
    const before = this.#node
    const next = this.#keys.node(uid)
    await this.#subscribe(next, undefined, 'subscribe to the channel of this node')
    this.#node = next
    if (before !== next) void this.#leave(before)
  }

  /** Rejects unless messages to this node are heard now. */
  async heard(what: string): Promise<void> {
    const feed = await this.#feedOf(this.#node, what)
    await feed.heard(what)
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
    await this.#feeds.close()
  }

  onMessage(feed: Feed, bus: string, text: string): void {
    try {
      if (!this.#dispatch(feed, bus, text)) this.#onDamaged(bus)
    } catch (error) {
      this.#settings.report(error, 'listener')
    }
  }

  onRestored(feed: Feed): void {
    if (this.#feeds.all().length === 1) this.listener?.onRestored()
    else this.#tellRestored(feed.names)
  }

  /** Where the slot has not moved, subscriptions are missing all the same. */
  onMoved(feed: Feed): void {
    void this.#feeds.look().then(() => feed.look())
  }

  async #subscribe(bus: string, channel: string | undefined, what: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const feed = await this.#feedOf(bus, what)
      await feed.ready.wait(what)
      const wish: Wish = { channel, feed }
      this.#wanted.set(bus, wish)
      try {
        await feed.subscribe(bus)
        return
      } catch (error) {
        if (this.#wanted.get(bus) === wish) this.#wanted.delete(bus)
        if (attempt === TRIES || !isMoved(error)) throw unavailable(what, error)
      }
      await this.#feeds.look()
    }
  }

  /** A trial may still be on its way there: it would count as lost. */
  async #leave(node: string): Promise<void> {
    await Promise.all(this.#feeds.all().map((feed) => feed.probe.ended()))
    const wish = this.#wanted.get(node)
    this.#wanted.delete(node)
    await wish?.feed?.unsubscribe(node).catch((error: unknown) => this.#settings.report(error, 'bus'))
  }

  async #feedOf(bus: string, what: string): Promise<Feed> {
    await this.#feeds.known(what)
    const feed = this.#feeds.of(bus)
    if (feed === undefined) throw new NotSent(`Redis did not ${what}: no server serves it now`)
    return feed
  }

  #want(bus: string, channel: string | undefined): void {
    const feed = this.#feeds.of(bus)
    this.#wanted.set(bus, { channel, feed })
    feed?.names.add(bus)
  }

  /** Takes every name to the connection that it belongs to now. */
  #follow(): void {
    const moved = new Map<Feed, string[]>()
    for (const [bus, wish] of this.#wanted) {
      const feed = this.#feeds.of(bus)
      if (feed === wish.feed || feed === undefined) continue
      wish.feed?.names.delete(bus)
      wish.feed = feed
      feed.names.add(bus)
      const names = moved.get(feed)
      if (names === undefined) moved.set(feed, [bus])
      else names.push(bus)
    }
    for (const [feed, names] of moved) void this.#takeOver(feed, names)
  }

  async #takeOver(feed: Feed, names: readonly string[]): Promise<void> {
    // Not connected yet: it will listen to all its names as soon as it is.
    if (!feed.live) return feed.owe()
    try {
      await feed.takeOver(names)
    } catch (error) {
      if (this.#closed) return
      this.#settings.report(error, 'subscriptions that moved')
      // Whatever is wrong, another connection will put it right, and say so.
      feed.renew('subscriptions that moved failed')
      return
    }
    this.#tellRestored(names)
  }

  #tellRestored(names: Iterable<string>): void {
    const channels: string[] = []
    for (const bus of names) {
      const channel = this.#wanted.get(bus)?.channel
      if (channel !== undefined) channels.push(channel)
    }
    if (channels.length > 0) this.listener?.onRestored(channels)
  }

  /** False: the message could not be read. */
  #dispatch(feed: Feed, bus: string, text: string): boolean {
    if (text.startsWith('?')) return feed.probe.arrived(text)
    const wish = this.#wanted.get(bus)
    if (wish === undefined || wish.feed !== feed) return true // Not wanted any more, or not from there.
    if (wish.channel !== undefined) return this.#deliver(wish.channel, text)
    return bus === this.#keys.control ? this.#onControlMessage(text) : this.#onNodeMessage(text)
  }

  #deliver(channel: string, text: string): boolean {
    return this.listener === undefined || deliver(channel, text, this.listener)
  }

  #onNodeMessage(text: string): boolean {
    const addressed = text.startsWith('@') ? readAddress(text) : undefined
    return addressed !== undefined && this.#deliver(addressed.channel, addressed.message)
  }

  #onControlMessage(text: string): boolean {
    const message = readControl(text)
    if (message === undefined) return false
    this.onControl?.(message)
    return true
  }

  #onDamaged(bus: string): void {
    this.#damaged += 1
    this.#settings.report(new Error(`a message on ${bus} could not be read and was dropped`), 'bus')
  }

  #watch(): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.#watch()
      for (const feed of this.#feeds.all()) void feed.look()
    }, this.#settings.timing.renewal)
  }
}

function isMoved(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('MOVED')
}

function readControl(text: string): ControlMessage | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'op' in value
      ? (value as ControlMessage)
      : undefined
  } catch {
    return undefined // The caller counts and reports what is damaged.
  }
}
