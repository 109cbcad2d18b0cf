/** Read and delivered cursors of the other users. Cursors only move forward. */
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
    // A read message counts as delivered.
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

  /** `read` when all users have read it, `delivered` when all devices received it. */
  delivery(offset: number): Delivery {
    const others = [...this.#others.values()]
    if (others.length === 0) return 'sent'
    if (others.every(({ read }) => read >= offset)) return 'read'
    return others.every(({ delivered }) => delivered >= offset) ? 'delivered' : 'sent'
  }

  /** Users whose read cursor reaches this offset. */
  readers(offset: number): string[] {
    return [...this.#others.values()].filter(({ read }) => read >= offset).map(({ user }) => user)
  }
}
