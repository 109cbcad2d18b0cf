/** All streams of one bus, and the first results of idempotent publishes. All of them expire. */
import type { Envelope } from '@skein/protocol'
import type { HistoryFilter, HistoryPage, PublishOptions, PublishResult } from '../ports.ts'
import { CommonEpochs } from './common-epochs.ts'
import { MemoryStream } from './stream.ts'

/** See `PublishOptions.idempotencyKey`. */
const IDEMPOTENCY_TTL_MS = 300_000

export class MemoryStreams {
  readonly #streams = new Map<string, MemoryStream>()
  /** Oldest first: all have the same lifetime. */
  readonly #results = new Map<string, { readonly result: PublishResult; readonly end: number }>()
  readonly #newEpoch: () => string
  readonly #common: CommonEpochs

  constructor(newEpoch: () => string) {
    this.#newEpoch = newEpoch
    this.#common = new CommonEpochs(newEpoch)
  }

  get size(): { readonly streams: number; readonly results: number } {
    return { streams: this.#streams.size, results: this.#results.size }
  }

  append(channel: string, envelope: Envelope, options: PublishOptions, now: number): PublishResult {
    const known = this.#known(channel, options.idempotencyKey, now)
    if (known !== undefined) return { ...known, duplicate: true }
    const result = { ...this.#append(channel, envelope, options, now), duplicate: false }
    if (options.idempotencyKey !== undefined) {
      this.#results.set(resultKey(channel, options.idempotencyKey), { result, end: now + IDEMPOTENCY_TTL_MS })
    }
    return result
  }

  page(channel: string, filter: HistoryFilter, now: number): HistoryPage {
    const stream = this.find(channel, now)
    stream?.keep(filter.metaTtl, now)
    const { epoch, before } = stream ?? this.#common.at(filter.metaTtl, now)
    const offset = stream?.offset ?? 0
    const publications = stream?.page(filter, now) ?? []
    return { offset, epoch, publications, ...(before.length > 0 && { before }) }
  }

  find(channel: string, now: number): MemoryStream | undefined {
    const stream = this.#streams.get(channel)
    return stream === undefined || now >= stream.metaEnd ? undefined : stream
  }

  /** Loses epoch and offset, as Redis does when it evicts the meta key. For tests. */
  forget(channel: string): void {
    this.#streams.delete(channel)
    this.#common.clear()
  }

  /**
   * Simulates a failover to a replica that lacks everything behind `offset`: it loses the results of those
   * publishes, too, and begins a new epoch, because it assigns the lost offsets again. For tests.
   */
  failOver(channel: string, offset: number): void {
    const stream = this.#streams.get(channel)
    if (stream === undefined) return
    this.#streams.set(channel, stream.upTo(offset, this.#newEpoch()))
    for (const [key, { result }] of this.#results) {
      const lost = result.epoch === stream.epoch && result.offset > offset
      if (lost && key.startsWith(resultKey(channel, ''))) this.#results.delete(key)
    }
  }

  /** Simulates a failover or a restart without losses: a new epoch begins. For tests. */
  beginLife(): void {
    this.#common.beginLife()
    for (const [channel, { offset }] of this.#streams) this.failOver(channel, offset)
  }

  /** Removes expired streams and results. True while others are left. */
  sweep(now: number): boolean {
    for (const [channel, stream] of this.#streams) {
      stream.expire(now)
      if (now >= stream.metaEnd) this.#streams.delete(channel)
    }
    this.#dropResults(now)
    return this.#streams.size > 0 || this.#results.size > 0
  }

  #append(channel: string, envelope: Envelope, options: PublishOptions, now: number) {
    if (options.historySize === 0) return { offset: 0, epoch: '' }
    const stream = this.#open(channel, options.metaTtl, now)
    return { offset: stream.append(envelope, options, now), epoch: stream.epoch }
  }

  #open(channel: string, metaTtl: number, now: number): MemoryStream {
    const existing = this.find(channel, now)
    if (existing !== undefined) return existing
    const { epoch, before } = this.#common.at(metaTtl, now)
    const stream = new MemoryStream(epoch, before)
    this.#streams.set(channel, stream)
    return stream
  }

  #known(channel: string, key: string | undefined, now: number): PublishResult | undefined {
    this.#dropResults(now)
    return key === undefined ? undefined : this.#results.get(resultKey(channel, key))?.result
  }

  #dropResults(now: number): void {
    for (const [key, { end }] of this.#results) {
      if (now < end) return
      this.#results.delete(key)
    }
  }
}

function resultKey(channel: string, key: string): string {
  return `${channel.length}:${channel}${key}`
}
