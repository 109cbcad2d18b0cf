/** One channel's stream in memory: what `@skein/redis` keeps in a stream key and a meta hash. */
import type { Envelope, StoredPublication, StreamPosition } from '@skein/protocol'
import type { HistoryFilter, StreamOptions } from '../ports.ts'

export class MemoryStream {
  readonly epoch: string
  /** See `HistoryPage.before`. */
  readonly before: readonly StreamPosition[]
  offset = 0
  /** The expiry of epoch and offset, Unix ms. */
  metaEnd = 0
  /** Offsets are contiguous: entries are removed at the front only. */
  #entries: StoredPublication[] = []
  #end = 0

  constructor(epoch: string, before: readonly StreamPosition[] = []) {
    this.epoch = epoch
    this.before = before
  }

  get size(): number {
    return this.#entries.length
  }

  append(envelope: Envelope, options: StreamOptions, now: number): number {
    this.expire(now)
    this.offset += 1
    this.#entries.push({ offset: this.offset, envelope })
    if (this.#entries.length > options.historySize) this.#entries.shift()
    this.#end = now + options.historyTtl * 1000
    this.keep(options.metaTtl, now)
    return this.offset
  }

  keep(metaTtl: number, now: number): void {
    this.metaEnd = now + metaTtl * 1000
  }

  expire(now: number): void {
    if (now >= this.#end) this.clear()
  }

  clear(): void {
    this.#entries = []
  }

  /** The stream of a replica that lacks everything behind `offset`. */
  upTo(offset: number, epoch: string): MemoryStream {
    const last = Math.min(offset, this.offset)
    const before = [...this.before, { epoch: this.epoch, offset: last }]
    const other = new MemoryStream(
      epoch,
      before.map((one) => ({ ...one, offset: Math.min(one.offset, last) })),
    )
    other.offset = last
    other.metaEnd = this.metaEnd
    other.#entries = this.#entries.filter((entry) => entry.offset <= offset)
    other.#end = this.#end
    return other
  }

  page(filter: HistoryFilter, now: number): readonly StoredPublication[] {
    this.expire(now)
    const { since, limit, reverse } = filter
    const first = this.#entries[0]?.offset ?? this.offset + 1
    const from = since === undefined || reverse === true ? 0 : Math.max(0, since + 1 - first)
    const to = since === undefined || reverse !== true ? this.#entries.length : Math.max(0, since - first)
    const kept = this.#entries.slice(from, to)
    if (reverse === true) kept.reverse()
    return limit < 0 ? kept : kept.slice(0, limit)
  }
}
