/**
 * Removals of entries whose addition failed with an unknown outcome. Nobody else removes them: the caller of
 * a failed addition has nothing to remove. A failed removal of a caller is the caller's to retry.
 */
import type { Settings } from '../server/settings.ts'

const REMOVALS_PER_TICK = 500

/**
 * An addition that timed out may still reach Redis after its removal. A Redis that was stopped reads both
 * when it resumes. A kernel that is cut off retransmits for about 100 s (`tcp_orphan_retries`, RFC 1122
 * section 4.2.3.5). Ms between removals.
 */
const REMOVE_AGAIN_MS = [2000, 120_000]

type Remove = () => Promise<void>

interface PendingRemoval {
  readonly remove: Remove
  /** Monotonic ms. */
  readonly due: number
  /** Ms between this removal and the following ones. */
  readonly again: readonly number[]
}

export class PendingRemovals {
  onOverflow: (reason: string) => void = () => undefined
  readonly #settings: Settings
  readonly #pending = new Map<string, PendingRemoval>()

  constructor(settings: Settings) {
    this.#settings = settings
  }

  get size(): number {
    return this.#pending.size
  }

  /**
   * Schedules the removal of an entry that may exist, now and again after a late addition could have arrived.
   */
  add(id: string, remove: Remove): void {
    this.#pending.set(id, { remove, due: 0, again: REMOVE_AGAIN_MS })
    const { pendingRemovals } = this.#settings.bounds
    if (this.#pending.size <= pendingRemovals) return
    this.#pending.clear()
    this.onOverflow(`more than ${pendingRemovals} entries wait for removal from Redis`)
  }

  /** The entry is added again. */
  forget(id: string): void {
    this.#pending.delete(id)
  }

  async runDue(): Promise<void> {
    const now = this.#settings.clock.monotonic()
    const due = [...this.#pending].filter(([, removal]) => removal.due <= now)
    await Promise.all(due.slice(0, REMOVALS_PER_TICK).map(([id, removal]) => this.#run(id, removal)))
  }

  async #run(id: string, removal: PendingRemoval): Promise<void> {
    try {
      await removal.remove()
    } catch (error) {
      this.#settings.report(error, 'pending removal') // The next tick retries it.
      return
    }
    if (this.#pending.get(id) !== removal) return
    const [pause, ...again] = removal.again
    if (pause === undefined) this.#pending.delete(id)
    else this.#pending.set(id, { ...removal, due: this.#settings.clock.monotonic() + pause, again })
  }
}
