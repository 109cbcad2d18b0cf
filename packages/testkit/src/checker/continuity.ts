/**
 * One subscriber of one channel: every offset once and in order from its first position, until a notice of
 * lost continuity.
 */
import type { Findings } from './findings.ts'
import type { Delivered, Stream, Subscribed } from './trace.ts'

/** A subscriber continues in another epoch although its position in the old epoch no longer exists. */
export interface Crossing {
  readonly who: string
  readonly from: string
  readonly to: string
  readonly offset: number
  readonly event: Subscribed
}

export class Continuity {
  epoch: string | undefined
  readonly crossings: Crossing[] = []
  readonly #who: string
  readonly #findings: Findings
  #last = 0
  /** Publications delivered in this epoch, over all continuous stretches. */
  #highest = 0
  /** Skipped offsets: lost, unless they come late, which is disorder. */
  readonly #holes = new Map<number, Delivered>()

  constructor(who: string, findings: Findings) {
    this.#who = who
    this.#findings = findings
  }

  /** True: the subscriber was notified that continuity is lost. */
  subscribed(event: Subscribed): boolean {
    const notified = event.recovered === false
    if (event.recovered === true && this.epoch !== undefined) {
      // Another epoch of the same stream: `Order` compares both up to here.
      if (event.epoch !== this.epoch) {
        this.crossings.push({ who: this.#who, from: this.epoch, to: event.epoch, offset: this.#last, event })
        this.epoch = event.epoch
        // Deliveries of the old epoch beyond this position became void with the notice.
        this.#highest = this.#last
      }
      return false
    }
    this.#begin(event)
    return notified
  }

  delivered(event: Delivered): void {
    const { offset } = event
    if (offset === 0 || this.epoch === undefined) return // a channel without history promises no order
    if (this.#holes.delete(offset)) {
      this.#findings.add('disordered', `${this.#who} got offset ${offset} after ${this.#last}`, event)
    } else if (offset <= this.#last || offset <= this.#highest) {
      this.#findings.add('duplicated', `${this.#who} got offset ${offset} again after ${this.#last}`, event)
    } else {
      for (let missing = this.#last + 1; missing < offset; missing++) this.#holes.set(missing, event)
    }
    this.#last = Math.max(this.#last, offset)
    this.#highest = Math.max(this.#highest, offset)
  }

  /** `live`: the subscriber was subscribed at the end and must have the whole stream. */
  end(stream: Stream | undefined, live: boolean): void {
    for (const [offset, event] of this.#holes) {
      this.#findings.add('lost', `${this.#who} never got offset ${offset}, silently`, event)
    }
    if (stream === undefined || !live || this.epoch === undefined) return
    if (stream.epoch !== this.epoch) {
      this.#findings.add(
        'unnotified',
        `${this.#who} is in epoch ${this.epoch}, the stream in ${stream.epoch}`,
      )
    } else if (this.#last < stream.offset) {
      const missing = stream.offset - this.#last
      this.#findings.add(
        'lost',
        `${this.#who} is at ${this.#last}, the stream at ${stream.offset}`,
        undefined,
        missing,
      )
    } else if (this.#last > stream.offset) {
      this.#findings.add(
        'unnotified',
        `${this.#who} is at ${this.#last}, beyond the stream's ${stream.offset}`,
      )
    }
  }

  #begin(event: Subscribed): void {
    if (event.epoch !== this.epoch) this.#highest = 0
    this.epoch = event.epoch
    this.#last = event.offset
  }
}
