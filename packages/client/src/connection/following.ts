/** The followed channels of rooms and announcements, and those that are not live yet. */
import type { Position } from '../wire/shapes.ts'
import type { Transport } from './transport.ts'

export class Following {
  readonly #transport: Pick<Transport, 'subscribe' | 'unsubscribe'>
  readonly #followed = new Set<string>()
  readonly #pending = new Set<string>()

  constructor(transport: Pick<Transport, 'subscribe' | 'unsubscribe'>) {
    this.#transport = transport
  }

  /** True when every followed channel is live. */
  get live(): boolean {
    return this.#pending.size === 0
  }

  /** Follows from this position, or without one from now on. */
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

  /** The SDK resubscribes to all channels on a new connection. */
  reconnected(): void {
    for (const channel of this.#followed) this.#pending.add(channel)
  }

  subscribed(channel: string): void {
    this.#pending.delete(channel)
  }

  /** The server ended a subscription. Returns true if the channel was followed. */
  ended(channel: string): boolean {
    this.#pending.delete(channel)
    return this.#followed.delete(channel)
  }
}
