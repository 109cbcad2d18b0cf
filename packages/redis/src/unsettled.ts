/**
 * Removals that failed or whose outcome is unknown, repeated until they are done: an entry left behind would say that somebody
 * is there for as long as this node lives. Beyond the bound the incarnation is given up, which removes everything.
 */
import type { Settings } from './options.ts'

/** Repeated per tick. */
const BATCH = 500

type Redo = () => Promise<void>

export class Unsettled {
  onOverflow: (reason: string) => void = () => undefined
  readonly #settings: Settings
  readonly #redos = new Map<string, Redo>()

  constructor(settings: Settings) {
    this.#settings = settings
  }

  get size(): number {
    return this.#redos.size
  }

  later(id: string, redo: Redo): void {
    this.#redos.set(id, redo)
    const { unsettled } = this.#settings.bounds
    if (this.#redos.size <= unsettled) return
    this.#redos.clear()
    this.onOverflow(`${unsettled} entries could not be removed from Redis`)
  }

  /** The entry is wanted again. */
  forget(id: string): void {
    this.#redos.delete(id)
  }

  async settle(): Promise<void> {
    const batch = [...this.#redos].slice(0, BATCH)
    await Promise.all(batch.map(([id, redo]) => this.#redo(id, redo)))
  }

  async #redo(id: string, redo: Redo): Promise<void> {
    try {
      await redo()
      if (this.#redos.get(id) === redo) this.#redos.delete(id)
    } catch (error) {
      this.#settings.report(error, 'removal repeated') // It stays, for the next tick.
    }
  }
}
