/**
 * What must be taken back from the cluster once a connection is gone: tried again until it succeeds, since a presence
 * entry under a live lease would otherwise stay for ever. Bounded: a node that owes more than `MOST` gives its incarnation
 * up, and the others reap all of it at once.
 */
import type { Events } from '../events.ts'
import type { Clock } from '../ports.ts'
import { sleep } from '../util/sleep.ts'

const MOST = 100_000
const PAUSE = 1000

interface Debt {
  readonly task: () => Promise<void>
  readonly entry: string | undefined
  /** What it would take back is there by right again. */
  wanted: boolean
}

export class Cleanup {
  readonly #clock: Clock
  readonly #events: Events
  readonly #abandon: () => void
  #owed: Debt[] = []
  /** Those that name an entry, running or owed. */
  readonly #entries = new Map<string, Debt>()
  #pending = 0
  #retrying = false

  constructor(clock: Clock, events: Events, abandon: () => void) {
    this.#clock = clock
    this.#events = events
    this.#abandon = abandon
  }

  /** Runs `task`, and again every second while it rejects. `entry` names what it takes back, for {@link wanted}. */
  run(task: () => Promise<void>, entry?: string): void {
    const debt: Debt = { task, entry, wanted: false }
    if (entry !== undefined) this.#entries.set(entry, debt)
    this.#run(debt)
  }

  /** The entry is to be written again: what is still owed about it must not take that back. */
  wanted(entry: string): void {
    const debt = this.#entries.get(entry)
    if (debt !== undefined) debt.wanted = true
    this.#entries.delete(entry)
  }

  /** Resolves when nothing is running; what failed and waits for another try is not waited for. */
  async settled(): Promise<void> {
    while (this.#pending > 0) await sleep(this.#clock, 5)
  }

  /** The incarnation is over: others take back whatever it owes. */
  forget(): void {
    this.#owed = []
    this.#entries.clear()
  }

  #run(debt: Debt): void {
    this.#pending++
    debt
      .task()
      .then(
        () => this.#settle(debt),
        (error: unknown) => this.#owe(debt, error),
      )
      .finally(() => this.#pending--)
  }

  #settle(debt: Debt): void {
    const { entry } = debt
    if (entry !== undefined && this.#entries.get(entry) === debt) this.#entries.delete(entry)
  }

  #owe(debt: Debt, error: unknown): void {
    if (debt.wanted) return
    if (this.#owed.length === 0) this.#events.emit('internalError', { where: 'cleanup', error })
    if (this.#owed.length >= MOST) {
      this.#events.emit('overflow', { queue: 'cleanup', policy: 'abandon' })
      this.forget()
      this.#abandon()
      return
    }
    this.#owed.push(debt)
    if (!this.#retrying) void this.#retry()
  }

  async #retry(): Promise<void> {
    this.#retrying = true
    while (this.#owed.length > 0) {
      await sleep(this.#clock, PAUSE)
      const debts = this.#owed
      this.#owed = []
      for (const debt of debts) if (!debt.wanted) this.#run(debt)
      await this.settled()
    }
    this.#retrying = false
  }
}
