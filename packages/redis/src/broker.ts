/** Channels over Redis: interest by Pub/Sub, publications by one script. How streams are read: `stream-reads.ts`. */
import type {
  Broker,
  BrokerListener,
  HistoryFilter,
  HistoryPage,
  PublishOptions,
  PublishResult,
} from '@skein/core'
import type { Envelope, StreamPosition } from '@skein/protocol'
import type { Bus } from './bus.ts'
import type { Commands } from './commands.ts'
import { Epochs } from './epochs.ts'
import type { ChannelKeys, Keys } from './keys.ts'
import type { Link } from './link.ts'
import { address, unpositioned } from './message.ts'
import type { Settings } from './options.ts'
import type { Client, Untold } from './scripts.ts'
import { StreamReads } from './stream-reads.ts'
import { tellNodes } from './untold.ts'

/** How long a retry with the same idempotency key finds the first result. */
const ONCE_SECONDS = 300

export class RedisBroker implements Broker {
  readonly #settings: Settings
  readonly #bus: Bus
  readonly #commands: Commands
  readonly #keys: Keys
  readonly #epochs = new Epochs()
  readonly #reads: StreamReads

  constructor(settings: Settings, bus: Bus, commands: Commands, keys: Keys) {
    this.#settings = settings
    this.#bus = bus
    this.#commands = commands
    this.#keys = keys
    this.#reads = new StreamReads(settings, commands, keys, this.#epochs)
  }

  listen(listener: BrokerListener): void {
    this.#bus.listener = listener
  }

  /** A personal channel comes by this node's own bus channel, as long as there are sessions of its user. */
  async subscribe(channel: string): Promise<void> {
    if (isPersonal(channel)) return await this.#bus.heard(`subscribe to ${channel}`)
    await this.#bus.subscribe(channel)
  }

  async unsubscribe(channel: string): Promise<void> {
    if (!isPersonal(channel)) await this.#bus.unsubscribe(channel)
  }

  publish(channel: string, envelope: Envelope, options: PublishOptions): Promise<PublishResult> {
    const keys = this.#keys.channel(channel)
    return options.historySize > 0
      ? this.#append(channel, keys, envelope, options)
      : this.#send(channel, keys, envelope, options)
  }

  /** Without history. */
  async #send(
    channel: string,
    keys: ChannelKeys,
    envelope: Envelope,
    options: PublishOptions,
  ): Promise<PublishResult> {
    const message = unpositioned(envelope)
    if (options.idempotencyKey === undefined && !isPersonal(channel)) {
      await this.#commands.announce('publish', keys.bus, message)
      return { offset: 0, epoch: '', duplicate: false }
    }
    return await this.#deliver(channel, keys, message, options.idempotencyKey)
  }

  history(channel: string, filter: HistoryFilter): Promise<HistoryPage> {
    return this.#reads.page(channel, filter)
  }

  positions(channels: readonly string[]): Promise<readonly (StreamPosition | undefined)[]> {
    return this.#reads.positions(channels)
  }

  async removeHistory(channel: string): Promise<void> {
    const { stream } = this.#keys.channel(channel)
    await this.#commands.run('remove history', stream, (client) => client.unlink(stream))
  }

  async #append(
    channel: string,
    keys: ChannelKeys,
    envelope: Envelope,
    options: PublishOptions,
  ): Promise<PublishResult> {
    const epoch = this.#epochs.next()
    const call = (client: Client, link: Link) =>
      link.witnessed((witness, certain) =>
        client.publishStream(
          keys.stream,
          keys.meta,
          this.#keys.once(keys, options.idempotencyKey ?? ''),
          keys.sessions,
          envelope,
          epoch,
          options.historySize,
          options.historyTtl,
          options.metaTtl,
          keys.bus,
          options.idempotencyKey === undefined ? 0 : ONCE_SECONDS,
          isPersonal(channel) ? address(channel) : '',
          this.#keys.nodePrefix,
          witness,
          certain,
        ),
      )
    const reply =
      options.durability === 'replicated'
        ? await this.#commands.runReplicated('publish', keys.bus, call)
        : await this.#commands.run('publish', keys.bus, call)
    if (reply[3].length > 0) await this.#tellNodes(channel, reply[3])
    return { offset: reply[0], epoch: reply[1], duplicate: reply[2] === 1 }
  }

  async #deliver(
    channel: string,
    keys: ChannelKeys,
    message: string,
    key: string | undefined,
  ): Promise<PublishResult> {
    const [duplicate, untold] = await this.#commands.run('publish', keys.bus, (client) =>
      client.deliver(
        this.#keys.once(keys, key ?? ''),
        keys.sessions,
        message,
        keys.bus,
        key === undefined ? 0 : ONCE_SECONDS,
        isPersonal(channel) ? address(channel) : '',
        this.#keys.nodePrefix,
      ),
    )
    if (untold.length > 0) await this.#tellNodes(channel, untold)
    return { offset: 0, epoch: '', duplicate: duplicate === 1 }
  }

  /** The publication stands whatever becomes of this: what a node misses of a stream, it finds there. */
  async #tellNodes(channel: string, untold: Untold): Promise<void> {
    try {
      await tellNodes(this.#commands, untold)
    } catch (error) {
      this.#settings.report(error, `personal channel ${channel}`)
    }
  }
}

export function isPersonal(channel: string): boolean {
  return channel.charCodeAt(0) === 35
}
