/**
 * The Pub/Sub connection: subscriptions in batches, restored after a reconnect, tried when it has been silent for long. A
 * half-open connection looks exactly like a quiet one, and Pub/Sub loses what nobody hears.
 */
import type { BrokerListener, Clock, ControlMessage, Timer } from '@skein/core'
import type { Commands } from './commands.ts'
import { connect, reconnect } from './connect.ts'
import { Gate } from './gate.ts'
import type { Keys } from './keys.ts'
import { deliver, readAddress } from './message.ts'
import type { Settings } from './options.ts'
import { Probe } from './probe.ts'
import { ReadySignal } from './ready-signal.ts'
import type { Client } from './scripts.ts'
import { SubscribeQueue } from './subscribe-queue.ts'
import { NotSent, unavailable } from './unavailable.ts'

/** Channels per SUBSCRIBE. */
const BATCH = 512

export class Bus {
  listener: BrokerListener | undefined
  onControl: ((message: ControlMessage) => void) | undefined
  readonly probe: Probe
  readonly #settings: Settings
  readonly #clock: Clock
  readonly #keys: Keys
  readonly #client: Client
  readonly #ready: ReadySignal
  readonly #queue: SubscribeQueue
  /** Bus channel -> channel: what this node wants to hear. */
  readonly #wanted = new Map<string, string>()
  /** This node's own bus channel. */
  #node: string
  /** Open while everything wanted is listened to. */
  readonly #live: Gate
  #restores = 0
  #wasLive = false
  #lastHeard = 0
  #timer: Timer | undefined
  #damaged = 0

  constructor(settings: Settings, keys: Keys, commands: Commands, uid: string) {
    this.#settings = settings
    this.#clock = settings.clock
    this.#keys = keys
    this.#node = keys.node(uid)
    this.#client = connect(settings, 'bus')
    this.#ready = new ReadySignal(this.#client, settings)
    this.#queue = new SubscribeQueue(this.#client, BATCH, settings.bounds.pending)
    this.probe = new Probe(settings, commands, () => this.#node)
    this.#live = new Gate(settings.clock, settings.bounds.pending)
    this.#client.on('message', (bus, text) => this.#onMessage(bus, text))
    this.#client.on('ready', () => void this.#restore())
    this.#client.on('close', () => this.#live.shut())
    this.#watch()
  }

  /** Whether everything wanted is listened to now. */
  get live(): boolean {
    return this.#live.isOpen
  }

  /** Messages that could not be read. */
  get damaged(): number {
    return this.#damaged
  }

  /** Resolves once the channel's messages reach the listener. */
  async subscribe(channel: string): Promise<void> {
    const bus = this.#keys.bus(channel)
    await this.#ready.wait(`subscribe to ${channel}`)
    this.#wanted.set(bus, channel)
    try {
      await this.#queue.push('subscribe', bus)
    } catch (error) {
      this.#wanted.delete(bus)
      throw unavailable(`subscribe to ${channel}`, error)
    }
  }

  /** From here on nothing of the channel reaches the listener, whatever Redis says. */
  async unsubscribe(channel: string): Promise<void> {
    const bus = this.#keys.bus(channel)
    this.#wanted.delete(bus)
    if (this.#client.status !== 'ready') return
    try {
      await this.#queue.push('unsubscribe', bus)
    } catch (error) {
      this.#settings.report(error, `unsubscribe from ${channel}`)
    }
  }

  /** Moves this node's own bus channel to another incarnation. */
  async moveTo(uid: string): Promise<void> {
    const before = this.#node
    this.#node = this.#keys.node(uid)
    await this.#ready.wait('subscribe to the channel of this node')
    try {
      await this.#queue.push('subscribe', this.#node)
      if (before !== this.#node) await this.#queue.push('unsubscribe', before)
    } catch (error) {
      throw unavailable('subscribe to the channel of this node', error)
    }
  }

  /** Rejects unless messages to this node are heard now. */
  async heard(what: string): Promise<void> {
    await this.#ready.wait(what)
    if (this.#live.isOpen || (await this.#live.opened(this.#settings.timing.command))) return
    throw new NotSent(`Redis did not ${what}: Pub/Sub is being restored`)
  }

  close(): Promise<void> {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
    this.probe.close()
    return this.#ready.close()
  }

  #onMessage(bus: string, text: string): void {
    this.#lastHeard = this.#clock.monotonic()
    try {
      if (!this.#dispatch(bus, text)) this.#onDamaged(bus)
    } catch (error) {
      this.#settings.report(error, 'listener')
    }
  }

  /** False: the message could not be read. */
  #dispatch(bus: string, text: string): boolean {
    const channel = this.#wanted.get(bus)
    if (channel !== undefined) return this.#deliver(channel, text)
    if (bus === this.#node) return this.#onNodeMessage(text)
    if (bus === this.#keys.control) return this.#onControlMessage(text)
    return true // Unsubscribed, and still on its way.
  }

  #deliver(channel: string, text: string): boolean {
    return this.listener === undefined || deliver(channel, text, this.listener)
  }

  #onNodeMessage(text: string): boolean {
    if (text.startsWith('?')) return this.probe.arrived(text)
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

  /** Listens again to everything, in batches; then says so, unless this is the first time. */
  async #restore(): Promise<void> {
    this.#restores += 1
    const restore = this.#restores
    try {
      const names = [this.#keys.control, this.#node, ...this.#wanted.keys()]
      for (let at = 0; at < names.length; at += BATCH) {
        // Somebody may have unsubscribed meanwhile.
        const batch = names.slice(at, at + BATCH).filter((bus) => this.#isWanted(bus))
        if (batch.length > 0) await this.#client.subscribe(...batch)
      }
    } catch (error) {
      if (restore !== this.#restores) return
      this.#settings.report(error, 'resubscribe')
      if (this.#client.status === 'ready') reconnect(this.#client)
      return
    }
    if (restore !== this.#restores || this.#client.status !== 'ready') return
    this.#live.open()
    this.#lastHeard = this.#clock.monotonic()
    if (this.#wasLive) this.listener?.onRestored()
    this.#wasLive = true
  }

  #isWanted(bus: string): boolean {
    return bus === this.#keys.control || bus === this.#node || this.#wanted.has(bus)
  }

  #watch(): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.#watch()
      void this.#tryIfSilent()
    }, this.#settings.timing.renewal)
  }

  async #tryIfSilent(): Promise<void> {
    if (!this.#live.isOpen || this.#clock.monotonic() - this.#lastHeard < this.#settings.timing.silence)
      return
    if ((await this.probe.run()) !== 'lost' || !this.#live.isOpen) return
    this.#settings.report(new Error('the Pub/Sub connection no longer delivers: reconnecting'), 'bus')
    this.#live.shut()
    reconnect(this.#client)
  }
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
