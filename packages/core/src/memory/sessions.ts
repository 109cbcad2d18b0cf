/** Sessions by user. */
import type { Session } from '../ports.ts'

export class MemorySessions {
  readonly #users = new Map<string, Map<string, Session>>()

  /** Users with a session. */
  get size(): number {
    return this.#users.size
  }

  add(session: Session): void {
    const sessions = this.#users.get(session.user) ?? new Map<string, Session>()
    this.#users.set(session.user, sessions)
    sessions.set(session.client, session)
  }

  remove(user: string, client: string): void {
    const sessions = this.#users.get(user)
    sessions?.delete(client)
    if (sessions?.size === 0) this.#users.delete(user)
  }

  list(user: string): readonly Session[] {
    return [...(this.#users.get(user)?.values() ?? [])]
  }

  /** The incarnations with sessions of the user. */
  holders(user: string): ReadonlySet<string> {
    return new Set(this.list(user).map((session) => session.node))
  }

  removeAllOf(uid: string): void {
    for (const [user, sessions] of this.#users) {
      for (const session of sessions.values()) {
        if (session.node === uid) this.remove(user, session.client)
      }
    }
  }
}
