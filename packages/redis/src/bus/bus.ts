/**
 * Subscriptions of this node. Each bus channel is subscribed on one Pub/Sub connection. In a Redis Cluster it
 * moves to another connection with its slot, and messages from any other connection are ignored: a primary
 * that became a replica still has the old subscriptions and would deliver each message twice.
 */
import type { BrokerListener, ControlMessage, Timer } from '@skein/core'
import type { Keys } from '../keys.ts'
import type { Commands } from '../server/commands.ts'
import type { Settings } from '../server/settings.ts'
import type { Slots } from '../slots/slots.ts'
import { NotSent, unavailable } from '../unavailable.ts'
import { Receiver } from './receiver.ts'
import type { SubscriberConnection, SubscriberListener } from './subscriber-connection.ts'
import { OneSubscriber, SlotSubscribers, type SubscriberRouting } from './subscriber-routing.ts'

/** Attempts to subscribe while the slot of the bus channel migrates. */
const MAX_SUBSCRIBE_ATTEMPTS = 3

interface Interest {
  /** `undefined` for a bus channel of the node itself. */
  readonly channel: string | undefined
  connection: SubscriberConnection | undefined
}

export class Bus implements SubscriberListener {
  readonly #settings: Settings
  readonly #keys: Keys
  readonly #routing: SubscriberRouting
  readonly #receiver: Receiver
  /** By bus channel. */
  readonly #interests = new Map<string, Interest>()
  /** This node's own bus channel. */
  #node: string
  #timer: Timer | undefined
  #closed = false

  constructor(settings: Settings, keys: Keys, commands: Commands, uid: string, slots: Slots | undefined) {
    this.#settings = settings
    this.#keys = keys
    this.#node = keys.node(uid)
    this.#receiver = new Receiver(settings.report)
    const node = () => this.#node
    this.#routing =
      slots === undefined
        ? new OneSubscriber(settings, commands, this, node)
        : new SlotSubscribers(settings, commands, this, node, slots)
    for (const own of [keys.control, this.#node]) this.#addInterest(own, undefined)
    this.#routing.onChange(() => this.#reroute())
    commands.onSwitch((primary) => {
      for (const connection of this.#routing.all()) connection.moveTo(primary)
    })
    this.#reroute()
    this.#scheduleVerify()
  }

  set listener(listener: BrokerListener) {
    this.#receiver.listener = listener
  }

  set onControl(listener: (message: ControlMessage) => void) {
    this.#receiver.onControl = listener
  }

  /** Whether all subscriptions are established. */
  get live(): boolean {
    const connections = this.#routing.all()
    return connections.length > 0 && connections.every((connection) => connection.live)
  }

  /** Number of messages that could not be decoded. */
  get damaged(): number {
    return this.#receiver.damaged
  }

  /** Pub/Sub connections. */
  connections(): readonly SubscriberConnection[] {
    return this.#routing.all()
  }

  /** Resolves once the channel's messages reach the listener. */
  async subscribe(channel: string): Promise<void> {
    await this.#subscribe(this.#keys.bus(channel), channel, `subscribe to ${channel}`)
  }

  /**
   * From this call on, no message of the channel reaches the listener, even if Redis fails to unsubscribe.
   */
  async unsubscribe(channel: string): Promise<void> {
    const bus = this.#keys.bus(channel)
    const interest = this.#interests.get(bus)
    this.#interests.delete(bus)
    try {
      await interest?.connection?.unsubscribe(bus)
    } catch (error) {
      this.#settings.report(error, `unsubscribe from ${channel}`)
    }
  }

  /**
   * Moves this node's own bus channel to another incarnation. Probes use the old one until the new one is
   * subscribed.
   */
  async moveTo(uid: string): Promise<void> {
    const before = this.#node
    const next = this.#keys.node(uid)
    await this.#subscribe(next, undefined, 'subscribe to the channel of this node')
    this.#node = next
    if (before !== next) void this.#unsubscribeNode(before)
  }

  /** Rejects unless messages to this node arrive. */
  async ensureLive(what: string): Promise<void> {
    const connection = await this.#connectionFor(this.#node, what)
    await connection.ensureLive(what)
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer !== undefined) this.#settings.clock.clearTimeout(this.#timer)
    await this.#routing.close()
  }

  onMessage(connection: SubscriberConnection, bus: string, text: string): void {
    if (text.startsWith('?')) {
      connection.probe.onMessage(text)
      return
    }
    const interest = this.#interests.get(bus)
    if (interest === undefined || interest.connection !== connection) return
    if (interest.channel !== undefined) this.#receiver.onChannel(bus, interest.channel, text)
    else if (bus === this.#keys.control) this.#receiver.onControlMessage(bus, text)
    else this.#receiver.onNode(bus, text)
  }

  onRestored(connection: SubscriberConnection): void {
    if (this.#routing.all().length === 1) this.#receiver.onRestored()
    else this.#notifyRestored(connection.names)
  }

  /** Redis ends subscriptions also when the slot stays, so they are counted in any case. */
  onMoved(connection: SubscriberConnection): void {
    void this.#routing.refresh().then(() => connection.verify())
  }

  async #subscribe(bus: string, channel: string | undefined, what: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const connection = await this.#connectionFor(bus, what)
      await connection.readiness.whenReady(what)
      const interest: Interest = { channel, connection }
      this.#interests.set(bus, interest)
      try {
        await connection.subscribe(bus)
        return
      } catch (error) {
        if (this.#interests.get(bus) === interest) this.#interests.delete(bus)
        if (attempt === MAX_SUBSCRIBE_ATTEMPTS || !isMoved(error)) throw unavailable(what, error)
      }
      await this.#routing.refresh()
    }
  }

  /** Waits for a probe in flight to the old bus channel, which would count as lost. */
  async #unsubscribeNode(node: string): Promise<void> {
    await Promise.all(this.#routing.all().map((connection) => connection.probe.whenIdle()))
    const interest = this.#interests.get(node)
    this.#interests.delete(node)
    await interest?.connection
      ?.unsubscribe(node)
      .catch((error: unknown) => this.#settings.report(error, 'bus'))
  }

  async #connectionFor(bus: string, what: string): Promise<SubscriberConnection> {
    await this.#routing.whenKnown(what)
    const connection = this.#routing.connectionFor(bus)
    if (connection === undefined) throw new NotSent(`Redis did not ${what}: no server serves its slot now`)
    return connection
  }

  #addInterest(bus: string, channel: string | undefined): void {
    const connection = this.#routing.connectionFor(bus)
    this.#interests.set(bus, { channel, connection })
    connection?.names.add(bus)
  }

  /** Moves each bus channel to its present connection. */
  #reroute(): void {
    const moved = new Map<SubscriberConnection, string[]>()
    for (const [bus, interest] of this.#interests) {
      const connection = this.#routing.connectionFor(bus)
      if (connection === interest.connection || connection === undefined) continue
      interest.connection?.names.delete(bus)
      interest.connection = connection
      connection.names.add(bus)
      const names = moved.get(connection)
      if (names === undefined) moved.set(connection, [bus])
      else names.push(bus)
    }
    for (const [connection, names] of moved) void this.#takeOver(connection, names)
  }

  async #takeOver(connection: SubscriberConnection, names: readonly string[]): Promise<void> {
    // A connection that is not live yet subscribes to all its names when it is.
    if (!connection.live) return connection.expectRestore()
    try {
      await connection.takeOver(names)
    } catch (error) {
      if (this.#closed) return
      this.#settings.report(error, 'subscriptions that moved')
      // A new connection subscribes to all names and calls `onRestored`.
      connection.renew('subscriptions that moved failed')
      return
    }
    this.#notifyRestored(names)
  }

  #notifyRestored(names: Iterable<string>): void {
    const channels: string[] = []
    for (const bus of names) {
      const channel = this.#interests.get(bus)?.channel
      if (channel !== undefined) channels.push(channel)
    }
    this.#receiver.onRestored(channels)
  }

  #scheduleVerify(): void {
    const { clock, timing } = this.#settings
    this.#timer = clock.setTimeout(() => {
      this.#scheduleVerify()
      for (const connection of this.#routing.all()) void connection.verify()
    }, timing.renewal)
  }
}

function isMoved(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('MOVED')
}
