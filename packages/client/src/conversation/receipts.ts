/** How far the others of a conversation have come. Cursors only go forward. */
import type { Cursors } from '../wire/shapes.ts'

export type Delivery = 'sent' | 'delivered' | 'read'

export class Receipts {
  readonly #me: string
  readonly #others = new Map<string, Cursors>()

  constructor(me: string) {
    this.#me = me
  }

  move(user: string, cursors: { readonly read?: number; readonly delivered?: number }): boolean {
    if (user === this.#me) return false
    const known = this.#others.get(user)
    const read = Math.max(known?.read ?? 0, cursors.read ?? 0)
    // What was read was delivered.
    const delivered = Math.max(known?.delivered ?? 0, cursors.delivered ?? 0, read)
    if (known?.read === read && known.delivered === delivered) return false
    this.#others.set(user, { user, read, delivered })
    return true
  }

  remove(user: string): void {
    this.#others.delete(user)
  }

  clear(): void {
    this.#others.clear()
  }

  /** `read` when everybody has read it, `delivered` when everybody has it. */
  delivery(offset: number): Delivery {
    const others = [...this.#others.values()]
    if (others.length === 0) return 'sent'
    if (others.every(({ read }) => read >= offset)) return 'read'
    return others.every(({ delivered }) => delivered >= offset) ? 'delivered' : 'sent'
  }

  /** Who has read as far. */
  readers(offset: number): string[] {
    return [...this.#others.values()].filter(({ read }) => read >= offset).map(({ user }) => user)
  }
}
