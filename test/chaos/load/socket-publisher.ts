/**
 * Publishes at a pace over a client's own connection. An unanswered publication is not retried: its outcome
 * is unknown.
 */
import { now } from '@skein/testkit'
import type { BareClient } from './bare-client.ts'
import { writeData } from './data.ts'
import type { Lines } from './lines.ts'

/** A reply that takes longer counts as none, ms. */
const PATIENCE = 5000

export interface Publisher {
  /** One publication now, if it can. */
  publish(): void
  /** Publications without a reply yet. */
  readonly pending: number
}

export class SocketPublisher implements Publisher {
  readonly #lines: Lines
  readonly #channel: string
  readonly #padding: number
  #client: BareClient | undefined
  /** By command id. */
  readonly #waiting = new Map<number, { readonly id: string; readonly timer: NodeJS.Timeout }>()
  #count = 0

  constructor(lines: Lines, channel: string, padding: number) {
    this.#lines = lines
    this.#channel = channel
    this.#padding = padding
  }

  get pending(): number {
    return this.#waiting.size
  }

  use(client: BareClient): void {
    this.#client = client
  }

  publish(): void {
    if (this.#client?.live !== true) return
    const id = `${this.#lines.client}-${++this.#count}`
    this.#lines.say('attempted', { channel: this.#channel, id })
    const command = this.#client.publish(this.#channel, writeData({ id, sent: now() }, this.#padding))
    this.#waiting.set(command, { id, timer: setTimeout(() => this.answered(command, 0), PATIENCE) })
  }

  answered(command: number, code: number | undefined): void {
    const waiting = this.#waiting.get(command)
    if (waiting === undefined) return
    clearTimeout(waiting.timer)
    this.#waiting.delete(command)
    const { id } = waiting
    if (code === undefined) this.#lines.say('acknowledged', { channel: this.#channel, id })
    else this.#lines.say('refused', { channel: this.#channel, id, code })
  }
}
