/** The connections of each user on this node. A single connection, the usual case, costs no list. */
import type { Connection } from '../connection/connection.ts'

export class Users {
  readonly #byUser = new Map<string, Connection | Connection[]>()

  get size(): number {
    return this.#byUser.size
  }

  add(connection: Connection): void {
    const held = this.#byUser.get(connection.user)
    if (held === undefined) this.#byUser.set(connection.user, connection)
    else if (Array.isArray(held)) held.push(connection)
    else this.#byUser.set(connection.user, [held, connection])
  }

  remove(connection: Connection): void {
    const held = this.#byUser.get(connection.user)
    if (held === connection) {
      this.#byUser.delete(connection.user)
    } else if (Array.isArray(held)) {
      const rest = held.filter((c) => c !== connection)
      const [only] = rest
      if (only === undefined) this.#byUser.delete(connection.user)
      else this.#byUser.set(connection.user, rest.length === 1 ? only : rest)
    }
  }

  of(user: string): readonly Connection[] {
    const held = this.#byUser.get(user)
    if (held === undefined) return []
    return Array.isArray(held) ? [...held] : [held]
  }
}
