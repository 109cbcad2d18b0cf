/**
 * Removes presence entries and sessions of connections that ended. A failed removal is retried until it
 * succeeds: under a live lease the entry would stay for ever. No port retries a removal, so each failure has
 * one retry.
 */
import type { Events } from '../events.ts'
import type { Clock } from '../ports.ts'
import type { EntryRemovals } from '../subscription/context.ts'
import { sleep } from '../util/sleep.ts'

/**
 * With more failed removals the node ends its incarnation, and other nodes reap all its entries at once.
 */
const MAX_FAILED_REMOVALS = 100_000
const RETRY_INTERVAL_MS = 1000
/** The rest waits, so that a cluster that was unreachable is not flooded by all retries at once. */
const MAX_CONCURRENT_RETRIES = 500

interface Removal {
  readonly remove: () => Promise<void>
  readonly entry: string | undefined
  readonly incarnation: number
  /** The entry was added again: a retry would remove what belongs there. */
  cancelled: boolean
}

export class Cleanup implements EntryRemovals {
  readonly #clock: Clock
  readonly #events: Events
  readonly #abandon: () => void
  #failed: Removal[] = []
  /** Removals that name an entry, running or failed. */
  readonly #entries = new Map<string, Removal>()
  #incarnation = 0
  #running = 0
  #retrying = false

  /** `abandon`: ends the node's incarnation. */
  constructor(clock: Clock, events: Events, abandon: () => void) {
    this.#clock = clock
    this.#events = events
    this.#abandon = abandon
  }

  run(remove: () => Promise<void>, entry?: string): void {
    const removal: Removal = { remove, entry, incarnation: this.#incarnation, cancelled: false }
    if (entry !== undefined) this.#entries.set(entry, removal)
    void this.#attempt(removal)
  }

  cancelRetry(entry: string): void {
    const removal = this.#entries.get(entry)
    if (removal !== undefined) removal.cancelled = true
    this.#entries.delete(entry)
  }

  /** Resolves when no removal is running. Failed removals do not count. */
  async settled(): Promise<void> {
    while (this.#running > 0) await sleep(this.#clock, 5)
  }

  /** The incarnation is over: other nodes reap its entries, so nothing of it is retried. */
  forget(): void {
    this.#incarnation++
    this.#failed = []
    this.#entries.clear()
  }

  /** Returns whether the entry is gone. Never rejects. */
  async #attempt(removal: Removal): Promise<boolean> {
    this.#running++
    try {
      await removal.remove()
      const { entry } = removal
      if (entry !== undefined && this.#entries.get(entry) === removal) this.#entries.delete(entry)
      return true
    } catch (error) {
      this.#fail(removal, error)
      return false
    } finally {
      this.#running--
    }
  }

  #fail(removal: Removal, error: unknown): void {
    if (!this.#isDue(removal)) return
    // The first one reports the outage; the others would only repeat it.
    if (this.#failed.length === 0) this.#events.emit('internalError', { where: 'cleanup', error })
    if (this.#failed.length >= MAX_FAILED_REMOVALS) {
      this.#events.emit('overflow', { queue: 'cleanup', policy: 'abandon' })
      this.forget()
      this.#abandon()
      return
    }
    this.#failed.push(removal)
    if (!this.#retrying) void this.#retry()
  }

  #isDue({ cancelled, incarnation }: Removal): boolean {
    return !cancelled && incarnation === this.#incarnation
  }

  async #retry(): Promise<void> {
    this.#retrying = true
    while (this.#failed.length > 0) {
      await sleep(this.#clock, RETRY_INTERVAL_MS)
      const due = this.#failed
      this.#failed = []
      await this.#retryBatches(due)
    }
    this.#retrying = false
  }

  /** Stops behind a batch of which none succeeds: the cluster is still unreachable. */
  async #retryBatches(due: readonly Removal[]): Promise<void> {
    for (let at = 0; at < due.length; at += MAX_CONCURRENT_RETRIES) {
      const batch = due.slice(at, at + MAX_CONCURRENT_RETRIES).filter((removal) => this.#isDue(removal))
      const gone = await Promise.all(batch.map((removal) => this.#attempt(removal)))
      if (batch.length === 0 || gone.includes(true)) continue
      const rest = due.slice(at + MAX_CONCURRENT_RETRIES)
      this.#failed = [...rest.filter((removal) => this.#isDue(removal)), ...this.#failed]
      return
    }
  }
}
