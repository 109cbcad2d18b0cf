/**
 * Publishing with history. On one server, publications of one turn share scripts; a script for each costs
 * Node and Redis a third more. A publication that needs more than its stream has a script of its own: one
 * with an idempotency key, to a personal channel, or with durability `replicated`.
 */
import type { PublishOptions, PublishResult } from '@skein/core'
import type { Envelope } from '@skein/protocol'
import { address } from '../bus/message.ts'
import { notifyNodesOfPublication } from '../bus/node-messages.ts'
import { type ChannelKeys, isPersonal, type Keys, ONCE_SECONDS } from '../keys.ts'
import type { Client } from '../scripts.ts'
import type { Commands } from '../server/commands.ts'
import { isFormerWitness, type Link } from '../server/link.ts'
import type { Settings } from '../server/settings.ts'
import { TurnBatch } from '../turn/turn-batch.ts'
import { unavailable } from '../unavailable.ts'
import type { Epochs } from './epochs.ts'

/** A tenth of a millisecond of Redis. More per script saves little, and delays the first. */
const PUBLICATIONS_PER_SCRIPT = 8

interface Append {
  readonly keys: ChannelKeys
  readonly envelope: Envelope
  readonly options: PublishOptions
}

export class StreamAppends {
  readonly #settings: Settings
  readonly #commands: Commands
  readonly #keys: Keys
  readonly #epochs: Epochs
  /** `undefined`: the keys are spread over several servers. */
  readonly #batch: TurnBatch<Append, PublishResult> | undefined

  constructor(settings: Settings, commands: Commands, keys: Keys, epochs: Epochs) {
    this.#settings = settings
    this.#commands = commands
    this.#keys = keys
    this.#epochs = epochs
    if (settings.url.kind !== 'cluster')
      this.#batch = new TurnBatch(
        PUBLICATIONS_PER_SCRIPT,
        (appends) => this.#appendBatch(appends),
        haveSameOptions,
      )
  }

  append(channel: string, envelope: Envelope, options: PublishOptions): Promise<PublishResult> {
    const keys = this.#keys.channel(channel)
    const isPlain =
      options.idempotencyKey === undefined && options.durability !== 'replicated' && !isPersonal(channel)
    if (this.#batch === undefined || !isPlain) return this.#appendSingle(channel, keys, envelope, options)
    const refused = this.#commands.reserve('publish')
    return refused === undefined ? this.#batch.add({ keys, envelope, options }) : Promise.reject(refused)
  }

  async #appendBatch(appends: readonly Append[]): Promise<readonly (PublishResult | Error)[]> {
    try {
      const results = await this.#run(appends, 0)
      return results.some((result) => result instanceof Error)
        ? await this.#retryStale(appends, results)
        : results
    } finally {
      this.#commands.release(appends.length)
    }
  }

  /**
   * Repeats publications whose witness the channel has left behind, after reading it again; see {@link
   * Link.witnessed}.
   */
  async #retryStale(
    appends: readonly Append[],
    results: readonly (PublishResult | Error)[],
  ): Promise<readonly (PublishResult | Error)[]> {
    const former = appends.filter((_append, at) => isFormerWitness(results[at]))
    // A failure here does not affect the other publications of the batch.
    const again = await this.#run(former, 1).catch((error: unknown) =>
      former.map(() => unavailable('publish', error)),
    )
    return results.map((result) => {
      const last = isFormerWitness(result) ? (again.shift() ?? result) : result
      return last instanceof Error ? unavailable('publish', last) : last
    })
  }

  async #run(appends: readonly Append[], certain: 0 | 1): Promise<(PublishResult | Error)[]> {
    const [first] = appends
    if (first === undefined) return []
    const { historySize, historyTtl, metaTtl } = first.options
    const call = async (client: Client, link: Link): Promise<(number | string)[]> => {
      if (certain === 1) await link.refresh()
      const args: (number | string)[] = [appends.length * 2 + 1]
      for (const { keys } of appends) args.push(keys.stream, keys.meta)
      args.push(this.#keys.common(first.keys, metaTtl))
      args.push(this.#epochs.next(), historySize, historyTtl, metaTtl, link.witness, certain)
      for (const { envelope, keys } of appends) args.push(envelope, keys.bus)
      return await client.publishStreams(...args)
    }
    const replies = await this.#commands.run('publish', first.keys.bus, call, true)
    return appends.map((_append, at) => {
      const [offset, epoch] = [Number(replies[at * 2]), String(replies[at * 2 + 1])]
      return offset < 0 ? new Error(epoch) : { offset, epoch, duplicate: false }
    })
  }

  async #appendSingle(
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
          this.#keys.common(keys, options.metaTtl),
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
    await notifyNodesOfPublication(this.#settings, this.#commands, channel, reply[3])
    return { offset: reply[0], epoch: reply[1], duplicate: reply[2] === 1 }
  }
}

/** The options of a namespace are one object: publications with other options do not share a script. */
const haveSameOptions = (one: Append, other: Append): boolean => one.options === other.options
