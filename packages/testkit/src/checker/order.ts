/**
 * One channel over all its subscribers and publishers: one publication at each position, each publication at
 * one position, positions in the order of real time, and no acknowledged publication missing.
 */
import type { Crossing } from './continuity.ts'
import type { Findings } from './findings.ts'
import type { Acknowledged, Attempted, Delivered, Stream } from './trace.ts'

interface Publication {
  attemptedAt: number
  acknowledged: Acknowledged | undefined
}

interface Place {
  readonly epoch: string
  readonly offset: number
}

export class Order {
  stream: Stream | undefined
  /** Acknowledged, and lost with an epoch that Redis lost. */
  forfeited = 0
  readonly #channel: string
  readonly #findings: Findings
  readonly #publications = new Map<string, Publication>()
  /** Epoch -> id by offset. */
  readonly #positions = new Map<string, (string | undefined)[]>()
  readonly #places = new Map<string, Place>()
  /** When each epoch was first seen. */
  readonly #epochs = new Map<string, number>()

  constructor(channel: string, findings: Findings) {
    this.#channel = channel
    this.#findings = findings
  }

  attempted({ id, at }: Attempted): void {
    const known = this.#publications.get(id)
    if (known === undefined) this.#publications.set(id, { attemptedAt: at, acknowledged: undefined })
  }

  attemptedAt(id: string): number | undefined {
    return this.#publications.get(id)?.attemptedAt
  }

  acknowledged(event: Acknowledged): void {
    const publication = this.#publications.get(event.id)
    if (publication !== undefined) publication.acknowledged ??= event
    const { id, epoch, offset = 0 } = event
    if (epoch === undefined || offset === 0) return
    this.sawEpoch(epoch, event.at)
    this.#place(id, { epoch, offset }, event)
  }

  /** The epoch was in force at this time. */
  sawEpoch(epoch: string, at: number): void {
    const known = this.#epochs.get(epoch)
    if (known === undefined || at < known) this.#epochs.set(epoch, at)
  }

  delivered(event: Delivered, epoch: string): void {
    if (event.offset > 0) this.#place(event.id, { epoch, offset: event.offset }, event)
  }

  end(): void {
    const { stream } = this
    if (stream !== undefined) {
      this.sawEpoch(stream.epoch, stream.at)
      for (const { id, offset } of stream.publications) {
        this.#place(id, { epoch: stream.epoch, offset }, undefined)
      }
    }
    for (const [epoch, ids] of this.#positions) this.#checkRealTime(epoch, ids)
    for (const [id, publication] of this.#publications) this.#checkKept(id, publication)
  }

  /** After {@link end}. A delivery of one epoch must be the publication at that position in the next. */
  crossed({ who, from, to, offset, event }: Crossing): void {
    const [before, after] = [this.#positions.get(from) ?? [], this.#positions.get(to) ?? []]
    for (let at = 1; at <= offset; at++) {
      const [one, other] = [before[at], after[at]]
      if (one === undefined || other === undefined || one === other) continue
      const what = `${who} "recovered" from ${from} into ${to}, which has ${other} in the place of ${one}`
      this.#findings.add('unnotified', what, event)
      return
    }
  }

  #place(id: string, place: Place, event: Acknowledged | Delivered | undefined): void {
    const where = `${this.#channel} ${place.epoch}:${place.offset}`
    const ids = this.#positions.get(place.epoch) ?? []
    this.#positions.set(place.epoch, ids)
    const there = ids[place.offset]
    if (there !== undefined && there !== id) {
      this.#findings.add('disordered', `${where} is ${there} for one and ${id} for another`, event)
      return
    }
    ids[place.offset] = id
    const known = this.#places.get(id)
    if (known === undefined || known.epoch !== place.epoch) this.#places.set(id, place)
    else if (known.offset !== place.offset) {
      this.#findings.add('duplicated', `${id} is at offset ${known.offset} and at ${where}`, event)
    }
  }

  /** A publication acknowledged before another was attempted precedes it. */
  #checkRealTime(epoch: string, ids: readonly (string | undefined)[]): void {
    let latestAttempt = 0
    let of = ''
    for (const [offset, id] of ids.entries()) {
      const publication = id === undefined ? undefined : this.#publications.get(id)
      if (id === undefined || publication === undefined) continue
      const place = this.#places.get(id)
      if (place?.epoch === epoch && place.offset !== offset) continue // a duplicate, already found as such
      const { acknowledged, attemptedAt } = publication
      // Published again after Redis lost it, with its idempotency key: the acknowledgement belongs to an
      // ended epoch.
      const other = acknowledged?.epoch !== undefined && acknowledged.epoch !== epoch
      if (acknowledged !== undefined && !other && acknowledged.at < latestAttempt) {
        const what = `${id} was acknowledged before ${of} was attempted, and follows it in ${epoch}`
        this.#findings.add('disordered', what, acknowledged)
      }
      if (attemptedAt > latestAttempt) {
        latestAttempt = attemptedAt
        of = id
      }
    }
  }

  /**
   * A publication is missing when it is nowhere, beyond the stream's end, or only in an ended epoch. A
   * place before the first retained one is no loss: histories are trimmed.
   */
  #checkKept(id: string, { acknowledged }: Publication): void {
    const { stream } = this
    if (acknowledged === undefined || stream === undefined) return
    const place = this.#places.get(id)
    if (place?.epoch === stream.epoch && place.offset <= stream.offset) return
    const began = this.#epochs.get(stream.epoch) ?? 0
    const over = place === undefined || place.epoch !== stream.epoch
    if (over && this.#epochs.size > 1 && began > acknowledged.at) this.forfeited += 1
    else if (place === undefined || place.epoch === stream.epoch) {
      this.#findings.add('lost', `${id} was acknowledged and is nowhere in ${this.#channel}`, acknowledged)
    }
  }
}
