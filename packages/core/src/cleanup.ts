/**
 * What must be taken back from the cluster once a connection is gone: tried again until it succeeds, since a presence
 * entry under a live lease would otherwise stay for ever. Bounded: a node that owes more than `MOST` gives its incarnation
 * up, and the others reap all of it at once.
 */
import type { Events } from './events.ts'
import type { Clock } from './ports.ts'
import { sleep } from './sleep.ts'

const MOST = 100_000
const PAUSE = 1000

export class Cleanup {
  readonly #clock: Clock
  readonly #events: Events
  readonly #abandon: () => void
  #owed: (() => Promise<void>)[] = []
  #pending = 0
  #retrying = false

  constructor(clock: Clock, events: Events, abandon: () => void) {
    this.#clock = clock
    this.#events = events
    this.#abandon = abandon
  }

  /** Runs `task`, and again every second while it rejects. */
  run(task: () => Promise<void>): void {
    this.#pending++
    task()
      .catch((error: unknown) => this.#owe(task, error))
      .finally(() => this.#pending--)
  }

  /** Resolves when nothing is running; what failed and waits for another try is not waited for. */
  async settled(): Promise<void> {
    while (this.#pending > 0) await sleep(this.#clock, 5)
  }

  /** The incarnation is over: others take back whatever it owes. */
  forget(): void {
    this.#owed = []
  }

  #owe(task: () => Promise<void>, error: unknown): void {
    if (this.#owed.length === 0) this.#events.emit('internalError', { where: 'cleanup', error })
    if (this.#owed.length >= MOST) {
      this.#events.emit('overflow', { queue: 'cleanup', policy: 'abandon' })
      this.forget()
      this.#abandon()
      return
    }
    this.#owed.push(task)
    if (!this.#retrying) void this.#retry()
  }

  async #retry(): Promise<void> {
    this.#retrying = true
    while (this.#owed.length > 0) {
      await sleep(this.#clock, PAUSE)
      const tasks = this.#owed
      this.#owed = []
      for (const task of tasks) this.run(task)
      await this.settled()
    }
    this.#retrying = false
  }
}
