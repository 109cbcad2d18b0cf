/**
 * Reads of streams: by page, or only the last position. On one server, reads of positions of one turn share a
 * script; a command for each costs Node and Redis several times as much.
 */
import type { HistoryFilter, HistoryPage } from '@skein/core'
import type { Envelope, StoredPublication, StreamPosition } from '@skein/protocol'
import type { ChannelKeys, Keys } from '../keys.ts'
import type { Commands } from '../server/commands.ts'
import type { Settings } from '../server/settings.ts'
import { TurnBatch } from '../turn/turn-batch.ts'
import { unavailable } from '../unavailable.ts'
import type { Epochs } from './epochs.ts'
import { SharedReads } from './shared-reads.ts'

/** Some 0.2 ms in which Redis executes nothing else. */
const CHANNELS_PER_SCRIPT = 100

interface Asked {
  readonly keys: ChannelKeys
  readonly metaTtl: number
}

type Top = [offset: number, epoch: string, before: string]

export class StreamReads {
  readonly #commands: Commands
  readonly #keys: Keys
  readonly #epochs: Epochs
  readonly #pages = new SharedReads<HistoryPage>()
  /**
   * Reads of the last position, one for each new subscription. `undefined`: the keys are spread over several
   * servers.
   */
  readonly #tops: TurnBatch<Asked, Top> | undefined

  constructor(settings: Settings, commands: Commands, keys: Keys, epochs: Epochs) {
    this.#commands = commands
    this.#keys = keys
    this.#epochs = epochs
    if (settings.url.kind !== 'cluster')
      this.#tops = new TurnBatch(CHANNELS_PER_SCRIPT, (asked) => this.#readTops(asked))
  }

  async page(channel: string, filter: HistoryFilter): Promise<HistoryPage> {
    const keys = this.#keys.channel(channel)
    if (filter.limit === 0 && this.#tops !== undefined) {
      const [offset, epoch, before] = await this.#tops.add({ keys, metaTtl: filter.metaTtl })
      if (offset < 0) throw unavailable('read history', new Error(epoch))
      return page(offset, epoch, [], before)
    }
    const { since = '', limit, reverse = false, metaTtl } = filter
    return await this.#pages.read(`${since} ${limit} ${reverse} ${metaTtl} ${channel}`, () =>
      this.#readPage(keys, filter),
    )
  }

  async positions(channels: readonly string[]): Promise<readonly (StreamPosition | undefined)[]> {
    if (this.#tops === undefined) return await Promise.all(channels.map((channel) => this.#position(channel)))
    const read: Promise<readonly (StreamPosition | undefined)[]>[] = []
    for (let at = 0; at < channels.length; at += CHANNELS_PER_SCRIPT)
      read.push(this.#positions(channels.slice(at, at + CHANNELS_PER_SCRIPT)))
    return (await Promise.all(read)).flat()
  }

  async #readPage(keys: ChannelKeys, filter: HistoryFilter): Promise<HistoryPage> {
    // While a slot of a Redis Cluster moves, a script fails if its keys are on both servers. A read with the
    // common epoch is therefore limited to channels without a stream.
    const reply = this.#tops === undefined ? await this.#callHistory(keys, filter, false) : undefined
    const isFound = reply !== undefined && reply[1] !== ''
    const [offset, epoch, entries, before] = isFound ? reply : await this.#callHistory(keys, filter, true)
    return page(offset, epoch, entries.map(stored), before)
  }

  #callHistory(keys: ChannelKeys, filter: HistoryFilter, withCommon: boolean) {
    const [from, to] = range(filter)
    const reverse = filter.reverse === true ? '1' : '0'
    const common = withCommon ? [this.#keys.common(keys, filter.metaTtl)] : []
    return this.#commands.run('read history', keys.bus, (client, link) =>
      client.readHistory(
        2 + common.length,
        keys.stream,
        keys.meta,
        ...common,
        this.#epochs.next(),
        filter.metaTtl,
        reverse,
        from,
        to,
        Math.max(-1, filter.limit),
        link.witness,
      ),
    )
  }

  #readTops(asked: readonly Asked[]): Promise<Top[]> {
    const metas = asked.map(({ keys }) => keys.meta)
    const ttls: number[] = []
    const commons: string[] = []
    const kinds = asked.map(({ keys, metaTtl }) => {
      const known = ttls.indexOf(metaTtl)
      if (known >= 0) return known + 1
      commons.push(this.#keys.common(keys, metaTtl))
      return ttls.push(metaTtl)
    })
    const each = ttls.flatMap((metaTtl) => [metaTtl, this.#epochs.next()])
    return this.#commands.run('read history', metas[0] ?? '', (client, link) =>
      client.tops(
        metas.length + commons.length,
        ...metas,
        ...commons,
        link.witness,
        ttls.length,
        ...each,
        ...kinds,
      ),
    )
  }

  async #position(channel: string): Promise<StreamPosition | undefined> {
    const { meta } = this.#keys.channel(channel)
    const [offset, epoch] = await this.#commands.run('read positions', meta, (client) =>
      client.hmget(meta, 'o', 'e'),
    )
    return position(offset, epoch)
  }

  async #positions(channels: readonly string[]): Promise<readonly (StreamPosition | undefined)[]> {
    const metas = channels.map((channel) => this.#keys.channel(channel).meta)
    const found = await this.#commands.run('read positions', metas[0] ?? '', (client) =>
      client.positions(metas.length, ...metas),
    )
    return metas.map((_meta, at) => position(found[at * 2], found[at * 2 + 1]))
  }
}

/** Start and end ids in the order of reading. They are exact, so that pages neither overlap nor have gaps. */
function range({ since, reverse }: HistoryFilter): [from: string, to: string] {
  if (reverse !== true) return [since === undefined ? '-' : `${since + 1}-0`, '+']
  // No entry precedes the first; no entry has the id 0-0.
  return [since === undefined ? '+' : `${Math.max(0, since - 1)}-0`, '-']
}

function position(
  offset: string | null | undefined,
  epoch: string | null | undefined,
): StreamPosition | undefined {
  return typeof epoch === 'string' ? { offset: Number(offset ?? 0), epoch } : undefined
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
