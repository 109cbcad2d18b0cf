/**
 * Channels over Redis: subscriptions by Pub/Sub, publications without history. With history: `appends.ts`,
 * `reads.ts`.
 */
import type {
  Broker,
  BrokerListener,
  HistoryFilter,
  HistoryPage,
  PublishOptions,
  PublishResult,
} from '@skein/core'
import type { Envelope, StreamPosition } from '@skein/protocol'
import type { Bus } from '../bus/bus.ts'
import { address, unpositioned } from '../bus/message.ts'
import { notifyNodesOfPublication } from '../bus/node-messages.ts'
import { type ChannelKeys, isPersonal, type Keys, ONCE_SECONDS } from '../keys.ts'
import type { Commands } from '../server/commands.ts'
import type { Settings } from '../server/settings.ts'
import { StreamAppends } from './appends.ts'
import { Epochs } from './epochs.ts'
import { StreamReads } from './reads.ts'

export class RedisBroker implements Broker {
  readonly #settings: Settings
  readonly #bus: Bus
  readonly #commands: Commands
  readonly #keys: Keys
  readonly #reads: StreamReads
  readonly #appends: StreamAppends

  constructor(settings: Settings, bus: Bus, commands: Commands, keys: Keys) {
    this.#settings = settings
    this.#bus = bus
    this.#commands = commands
    this.#keys = keys
    const epochs = new Epochs()
    this.#reads = new StreamReads(settings, commands, keys, epochs)
    this.#appends = new StreamAppends(settings, commands, keys, epochs)
  }

  listen(listener: BrokerListener): void {
    this.#bus.listener = listener
  }

  /**
   * Messages of a personal channel arrive on this node's own bus channel while the user has a session here.
   */
  async subscribe(channel: string): Promise<void> {
    if (isPersonal(channel)) return await this.#bus.ensureLive(`subscribe to ${channel}`)
    await this.#bus.subscribe(channel)
  }

  async unsubscribe(channel: string): Promise<void> {
    if (!isPersonal(channel)) await this.#bus.unsubscribe(channel)
  }

  publish(channel: string, envelope: Envelope, options: PublishOptions): Promise<PublishResult> {
    return options.historySize > 0
      ? this.#appends.append(channel, envelope, options)
      : this.#send(channel, this.#keys.channel(channel), envelope, options)
  }

  /** Publishes without history. */
  async #send(
    channel: string,
    keys: ChannelKeys,
    envelope: Envelope,
    options: PublishOptions,
  ): Promise<PublishResult> {
    const message = unpositioned(envelope)
    if (options.idempotencyKey === undefined && !isPersonal(channel)) {
      await this.#commands.publish('publish', keys.bus, message)
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

  async #deliver(
    channel: string,
    keys: ChannelKeys,
    message: string,
    key: string | undefined,
  ): Promise<PublishResult> {
    const [duplicate, nodeMessages] = await this.#commands.run('publish', keys.bus, (client) =>
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
    await notifyNodesOfPublication(this.#settings, this.#commands, channel, nodeMessages)
    return { offset: 0, epoch: '', duplicate: duplicate === 1 }
  }
}
