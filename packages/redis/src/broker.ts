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
import type { Link } from './link.ts'
import { address, unpositioned } from './message.ts'
import type { Settings } from './options.ts'
import type { Client, Untold } from './scripts.ts'
import { SharedReads } from './shared-reads.ts'
import { TurnBatch } from './turn-batch.ts'
import { unavailable } from './unavailable.ts'
import { tellNodes } from './untold.ts'

/** How long a retry with the same idempotency key finds the first result. */
const ONCE_SECONDS = 300

/** Of one script: some 0.2 ms of Redis, in which it does nothing else. */
const TOPS_TOGETHER = 100

interface Asked {
  readonly meta: string
  readonly metaTtl: number
}

type Top = [offset: number, epoch: string, before: string]

export class RedisBroker implements Broker {
  readonly #settings: Settings
  readonly #bus: Bus
  readonly #commands: Commands
  readonly #keys: Keys
  /** Each stream that this process begins has another epoch, and no other process has the same. */
  readonly #epochs = randomBytes(6).toString('base64url')
  #epochCount = 0
  readonly #reads = new SharedReads<HistoryPage>()
  /** Where one server has all keys. What every new subscription asks. */
  readonly #tops: TurnBatch<Asked, Top> | undefined

  constructor(settings: Settings, bus: Bus, commands: Commands, keys: Keys) {
    this.#settings = settings
    this.#bus = bus
    this.#commands = commands
    this.#keys = keys
    if (settings.place.kind !== 'cluster')
      this.#tops = new TurnBatch(TOPS_TOGETHER, (asked) => this.#readTops(asked))
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

  async history(channel: string, filter: HistoryFilter): Promise<HistoryPage> {
    const keys = this.#keys.channel(channel)
    if (filter.limit === 0 && this.#tops !== undefined) {
      const [offset, epoch, before] = await this.#tops.add({ meta: keys.meta, metaTtl: filter.metaTtl })
      if (offset < 0) throw unavailable('read history', new Error(epoch))
      return page(offset, epoch, [], before)
    }
    const { since = '', limit, reverse = false, metaTtl } = filter
    return await this.#reads.read(`${since} ${limit} ${reverse} ${metaTtl} ${channel}`, () =>
      this.#readPage(keys, filter),
    )
  }

  async positions(channels: readonly string[]): Promise<readonly (StreamPosition | undefined)[]> {
    return await Promise.all(channels.map((channel) => this.#position(channel)))
  }

  async removeHistory(channel: string): Promise<void> {
    const { stream } = this.#keys.channel(channel)
    await this.#commands.run('remove history', stream, (client) => client.unlink(stream))
  }

  async #readPage(keys: ChannelKeys, filter: HistoryFilter): Promise<HistoryPage> {
    const [from, to] = range(filter)
    const reverse = filter.reverse === true ? '1' : '0'
    const reply = await this.#commands.run('read history', keys.bus, (client, link) =>
      client.readHistory(
        keys.stream,
        keys.meta,
        this.#newEpoch(),
        filter.metaTtl,
        reverse,
        from,
        to,
        Math.max(-1, filter.limit),
        link.witness,
      ),
    )
    const [offset, epoch, entries, before] = reply
    return page(offset, epoch, entries.map(stored), before)
  }

  #readTops(asked: readonly Asked[]): Promise<Top[]> {
    const metas = asked.map(({ meta }) => meta)
    const ifNew = asked.flatMap(({ metaTtl }) => [this.#newEpoch(), metaTtl])
    return this.#commands.run('read history', metas[0] ?? '', (client, link) =>
      client.tops(metas.length, ...metas, link.witness, ...ifNew),
    )
  }

  async #position(channel: string): Promise<StreamPosition | undefined> {
    const { meta } = this.#keys.channel(channel)
    const [offset, epoch] = await this.#commands.run('read positions', meta, (client) =>
      client.hmget(meta, 'o', 'e'),
    )
    return typeof epoch === 'string' ? { offset: Number(offset ?? 0), epoch } : undefined
  }

  async #append(
    channel: string,
    keys: ChannelKeys,
    envelope: Envelope,
    options: PublishOptions,
  ): Promise<PublishResult> {
    const epoch = this.#newEpoch()
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

function page(
  offset: number,
  epoch: string,
  publications: readonly StoredPublication[],
  before: string,
): HistoryPage {
  const plain = { offset, epoch, publications }
  return before === '' ? plain : { ...plain, before: earlier(before) }
}

/** `<epoch>:<last offset>:<witness> `, oldest first. */
function earlier(before: string): StreamPosition[] {
  return before
    .trimEnd()
    .split(' ')
    .map((life) => {
      const [epoch = '', offset] = life.split(':')
      return { epoch, offset: Number(offset) }
    })
}

function stored([id, [, envelope]]: [string, [string, string]]): StoredPublication {
  return { offset: Number(id.slice(0, id.indexOf('-'))), envelope: envelope as Envelope }
}
