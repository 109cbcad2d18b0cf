/** Channels over Redis: interest by Pub/Sub, publications by one script, streams read by page. */
import { randomBytes } from 'node:crypto'
import type {
  Broker,
  BrokerListener,
  HistoryFilter,
  HistoryPage,
  PublishOptions,
  PublishResult,
} from '@skein/core'
import type { Envelope, StoredPublication, StreamPosition } from '@skein/protocol'
import type { Bus } from './bus.ts'
import type { Commands } from './commands.ts'
import type { ChannelKeys, Keys } from './keys.ts'
import { address, unpositioned } from './message.ts'

/** How long a retry with the same idempotency key finds the first result. */
const ONCE_SECONDS = 300

export class RedisBroker implements Broker {
  readonly #bus: Bus
  readonly #commands: Commands
  readonly #keys: Keys
  /** Each stream that this process begins has another epoch, and no other process has the same. */
  readonly #epochs = randomBytes(6).toString('base64url')
  #epochCount = 0

  constructor(bus: Bus, commands: Commands, keys: Keys) {
    this.#bus = bus
    this.#commands = commands
    this.#keys = keys
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

  async publish(channel: string, envelope: Envelope, options: PublishOptions): Promise<PublishResult> {
    const keys = this.#keys.channel(channel)
    if (options.historySize > 0) return await this.#append(channel, keys, envelope, options)
    const message = unpositioned(envelope)
    if (options.idempotencyKey === undefined && !isPersonal(channel)) {
      await this.#commands.run('publish', (client) => client.publish(keys.bus, message))
      return { offset: 0, epoch: '', duplicate: false }
    }
    return await this.#deliver(channel, keys, message, options.idempotencyKey)
  }

  async history(channel: string, filter: HistoryFilter): Promise<HistoryPage> {
    const keys = this.#keys.channel(channel)
    const [from, to] = range(filter)
    const reverse = filter.reverse === true ? '1' : '0'
    const [offset, epoch, entries] = await this.#commands.run('read history', (client) =>
      client.readHistory(
        keys.stream,
        keys.meta,
        this.#newEpoch(),
        filter.metaTtl,
        reverse,
        from,
        to,
        Math.max(-1, filter.limit),
      ),
    )
    return { offset, epoch, publications: entries.map(stored) }
  }

  async positions(channels: readonly string[]): Promise<readonly (StreamPosition | undefined)[]> {
    return await this.#commands.run('read positions', async (client) => {
      const replies = channels.map((channel) => client.hmget(this.#keys.channel(channel).meta, 'o', 'e'))
      return (await Promise.all(replies)).map(([offset, epoch]) =>
        typeof epoch === 'string' ? { offset: Number(offset ?? 0), epoch } : undefined,
      )
    })
  }

  async removeHistory(channel: string): Promise<void> {
    const { stream } = this.#keys.channel(channel)
    await this.#commands.run('remove history', (client) => client.unlink(stream))
  }

  async #append(
    channel: string,
    keys: ChannelKeys,
    envelope: Envelope,
    options: PublishOptions,
  ): Promise<PublishResult> {
    const [offset, epoch, duplicate] = await this.#commands.run('publish', (client) =>
      client.publishStream(
        keys.stream,
        keys.meta,
        this.#keys.once(keys, options.idempotencyKey ?? ''),
        keys.sessions,
        envelope,
        this.#newEpoch(),
        options.historySize,
        options.historyTtl,
        options.metaTtl,
        keys.bus,
        options.idempotencyKey === undefined ? 0 : ONCE_SECONDS,
        isPersonal(channel) ? address(channel) : '',
        this.#keys.nodePrefix,
      ),
    )
    return { offset, epoch, duplicate: duplicate === 1 }
  }

  async #deliver(
    channel: string,
    keys: ChannelKeys,
    message: string,
    key: string | undefined,
  ): Promise<PublishResult> {
    const duplicate = await this.#commands.run('publish', (client) =>
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
    return { offset: 0, epoch: '', duplicate: duplicate === 1 }
  }

  #newEpoch(): string {
    this.#epochCount += 1
    return `${this.#epochs}${this.#epochCount.toString(36)}`
  }
}

export function isPersonal(channel: string): boolean {
  return channel.charCodeAt(0) === 35
}

/** Start and end ids in the order of reading. Ids are exact, so that pages neither overlap nor leave something out. */
function range({ since, reverse }: HistoryFilter): [from: string, to: string] {
  if (reverse !== true) return [since === undefined ? '-' : `${since + 1}-0`, '+']
  // Nothing stands before the first; 0-0 is an id that no entry has.
  return [since === undefined ? '+' : `${Math.max(0, since - 1)}-0`, '-']
}

function stored([id, [, envelope]]: [string, [string, string]]): StoredPublication {
  return { offset: Number(id.slice(0, id.indexOf('-'))), envelope: envelope as Envelope }
}
