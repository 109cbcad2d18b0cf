/** Publishes at a pace, or as fast as a window of unacknowledged messages admits. */
import type { Client } from './client.ts'
import { micros } from './clock.ts'
import { Histogram } from './histogram.ts'
import { nextId } from './ids.ts'
import type { PublishJob, PublishReport } from './messages.ts'
import { stampedData } from './stamp.ts'

/** Wait for acknowledgements after the last publish. */
const LINGER_MS = 3000
/** A prime: every connection publishes. */
const STRIDE = 7919

export async function publish(job: PublishJob, clients: readonly Client[]): Promise<PublishReport> {
  if (clients.length === 0) throw new Error(`group ${job.group} has no connections to publish by`)
  const publishing = new Publishing(job, clients)
  const report = await publishing.run()
  for (const client of clients) client.onAck = undefined
  return report
}

class Publishing {
  readonly #job: PublishJob
  readonly #clients: readonly Client[]
  readonly #ackTimes = new Histogram()
  /** When message `id` was sent. */
  readonly #sentAt = new Map<number, number>()
  #published = 0
  #acked = 0
  #refused = 0
  #startedAt = 0
  #over = false
  #idle: () => void = () => undefined

  constructor(job: PublishJob, clients: readonly Client[]) {
    this.#job = job
    this.#clients = clients
    for (const client of clients) client.onAck = this.#onAck
  }

  async run(): Promise<PublishReport> {
    this.#startedAt = micros()
    const seconds = await (this.#job.rate > 0 ? this.#paced() : this.#fullSpeed())
    this.#over = true
    if (this.#job.window > 0 && this.#sentAt.size > 0) await this.#acknowledged()
    return {
      published: this.#published,
      acked: this.#acked,
      refused: this.#refused,
      ackTimes: this.#ackTimes.data(),
      seconds,
    }
  }

  /** By an absolute schedule: a late message is sent at once, the next one on time. */
  #paced(): Promise<number> {
    const { rate, seconds, window } = this.#job
    const total = Math.round(rate * seconds)
    return new Promise((resolve) => {
      const step = (): void => {
        const now = micros()
        const due = Math.min(total, Math.floor(((now - this.#startedAt) / 1e6) * rate) + 1)
        while (this.#published < due && (window === 0 || this.#sentAt.size < window)) this.#send()
        const elapsed = (now - this.#startedAt) / 1e6
        if (this.#published >= total || elapsed > seconds + 1) {
          resolve(elapsed)
          return
        }
        const next = (this.#published / rate - elapsed) * 1000
        // Timers have a resolution of a millisecond; an earlier deadline needs none.
        if (next >= 2) setTimeout(step, next - 1)
        else if (next >= 1) setTimeout(step, 1)
        else setImmediate(step)
      }
      step()
    })
  }

  #fullSpeed(): Promise<number> {
    const { seconds, window } = this.#job
    for (let i = 0; i < Math.max(1, window); i++) this.#send()
    return new Promise((resolve) => {
      setTimeout(() => resolve((micros() - this.#startedAt) / 1e6), seconds * 1000)
    })
  }

  #send(): void {
    const { window, size, firstNumber } = this.#job
    const number = this.#published++
    const id = nextId()
    // Not in order: neighbours share a room, and members of a room do not all write at once.
    const client = this.#clients[(number * STRIDE) % this.#clients.length]
    if (client === undefined) return
    const now = micros()
    if (window > 0) this.#sentAt.set(id, now)
    client.publish(this.#channelOf(number, client), id, stampedData(size, now, firstNumber + number))
  }

  #channelOf(number: number, client: Client): string {
    const { channel, channels = 1 } = this.#job
    return channel?.replace('{n}', String((number * STRIDE) % channels)) ?? client.identity.channel
  }

  readonly #onAck = (_client: Client, id: number, error: boolean): void => {
    const sentAt = this.#sentAt.get(id)
    if (sentAt === undefined) return
    this.#sentAt.delete(id)
    if (error) this.#refused++
    else if (!this.#over) {
      this.#acked++
      this.#ackTimes.record(micros() - sentAt)
    }
    if (!this.#over && this.#job.rate === 0) this.#send()
    if (this.#over && this.#sentAt.size === 0) this.#idle()
  }

  #acknowledged(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle = resolve
      setTimeout(resolve, LINGER_MS).unref()
    })
  }
}
