/**
 * Removals that failed or whose outcome is unknown, repeated until they are done: an entry left behind would say that somebody
 * is there for as long as this node lives. Beyond the bound the incarnation is given up, which removes everything.
 */
import type { Settings } from '../options.ts'

/** Repeated per tick. */
const BATCH = 500

/**
 * An addition that was given up may still be done after its removal: its bytes lie in a connection that is gone for this node,
 * and not for the network. A Redis that stood still reads them as soon as it wakes, together with the removal; a kernel that is
 * cut off sends them again for about 100 s (`tcp_orphan_retries`, RFC 1122 section 4.2.3.5). Ms after the removal.
 */
const LATE_ADDITION = [2000, 120_000]

type Redo = () => Promise<void>

interface Owed {
  readonly redo: Redo
  /** Monotonic ms. */
  readonly due: number
  /** Ms between this time and the next ones. */
  readonly again: readonly number[]
}

export class Unsettled {
  onOverflow: (reason: string) => void = () => undefined
  readonly #settings: Settings
  readonly #owed = new Map<string, Owed>()

  constructor(settings: Settings) {
    this.#settings = settings
  }

  get size(): number {
    return this.#owed.size
  }

  later(id: string, redo: Redo): void {
    // What was to be repeated after an addition is so still.
    this.#owe(id, { redo, due: 0, again: this.#owed.get(id)?.again ?? [] })
  }

  /** Takes back an addition whose outcome is unknown, also when it is done later. */
  afterAddition(id: string, redo: Redo): void {
    this.#owe(id, { redo, due: 0, again: LATE_ADDITION })
  }

  /** The entry is wanted again. */
  forget(id: string): void {
    this.#owed.delete(id)
  }

  async settle(): Promise<void> {
    const now = this.#settings.clock.monotonic()
    const due = [...this.#owed].filter(([, owed]) => owed.due <= now)
    await Promise.all(due.slice(0, BATCH).map(([id, owed]) => this.#redo(id, owed)))
  }

  #owe(id: string, owed: Owed): void {
    this.#owed.set(id, owed)
    const { unsettled } = this.#settings.bounds
    if (this.#owed.size <= unsettled) return
    this.#owed.clear()
    this.onOverflow(`${unsettled} entries could not be removed from Redis`)
  }

  async #redo(id: string, owed: Owed): Promise<void> {
    try {
      await owed.redo()
    } catch (error) {
      this.#settings.report(error, 'removal repeated') // It stays, for the next tick.
      return
    }
    if (this.#owed.get(id) !== owed) return
    const [pause, ...again] = owed.again
    if (pause === undefined) this.#owed.delete(id)
    else this.#owed.set(id, { redo: owed.redo, due: this.#settings.clock.monotonic() + pause, again })
  }
}
