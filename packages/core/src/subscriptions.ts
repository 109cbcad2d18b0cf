import type { Subscription } from './subscription.ts'

/** The subscriptions of one connection, by channel. One of them, the usual case, costs no map: 180 bytes less. */
export class Subscriptions {
  #only: Subscription | undefined
  /** Holds all of them as soon as there are two. */
  #all: Map<string, Subscription> | undefined

  get size(): number {
    return this.#all?.size ?? (this.#only === undefined ? 0 : 1)
  }

  get(channel: string): Subscription | undefined {
    if (this.#all !== undefined) return this.#all.get(channel)
    return this.#only?.channel.name === channel ? this.#only : undefined
  }

  has(channel: string): boolean {
    return this.get(channel) !== undefined
  }

  /** Those there are now; adding and removing meanwhile changes nothing of it. */
  values(): readonly Subscription[] {
    if (this.#all !== undefined) return [...this.#all.values()]
    return this.#only === undefined ? [] : [this.#only]
  }

  add(subscription: Subscription): void {
    const { name } = subscription.channel
    if (this.#all === undefined && this.#only !== undefined && this.#only.channel.name !== name) {
      this.#all = new Map([[this.#only.channel.name, this.#only]])
      this.#only = undefined
    }
    if (this.#all === undefined) this.#only = subscription
    else this.#all.set(name, subscription)
  }

  /** False: it is not, or no longer, the one of its channel. */
  remove(subscription: Subscription): boolean {
    const { name } = subscription.channel
    if (this.get(name) !== subscription) return false
    if (this.#all === undefined) this.#only = undefined
    else this.#all.delete(name)
    return true
  }
}
