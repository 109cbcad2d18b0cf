/** The channels of rooms and of announcements: which are subscribed to, and which are not live yet. */
import type { Position } from '../wire/shapes.ts'
import type { Transport } from './transport.ts'

export class Following {
  readonly #transport: Pick<Transport, 'subscribe' | 'unsubscribe'>
  readonly #followed = new Set<string>()
  readonly #pending = new Set<string>()

  constructor(transport: Pick<Transport, 'subscribe' | 'unsubscribe'>) {
    this.#transport = transport
  }

  /** Nothing is missing in any of them. */
  get live(): boolean {
    return this.#pending.size === 0
  }

  /** From this position on; without one from now on. */
  follow(channel: string, since: Position | undefined): void {
    if (this.#followed.has(channel)) return
    this.#followed.add(channel)
    this.#pending.add(channel)
    this.#transport.subscribe(channel, since)
  }

  unfollow(channel: string): void {
    this.#pending.delete(channel)
    if (this.#followed.delete(channel)) this.#transport.unsubscribe(channel)
  }

  /** A new connection: the SDK subscribes to all of them again. */
  reconnected(): void {
    for (const channel of this.#followed) this.#pending.add(channel)
  }

  subscribed(channel: string): void {
    this.#pending.delete(channel)
  }

  /** The server ended it. True: it was one of these. */
  ended(channel: string): boolean {
    this.#pending.delete(channel)
    return this.#followed.delete(channel)
  }
}
