import type { Subscription } from './subscription.ts'

/** Nearly every connection has so few. A list of two is 64 bytes, a map of two 184 (heap snapshot). */
const FEW = 8
const NONE: readonly Subscription[] = []

/** The subscriptions of one connection, by channel. */
export class Subscriptions {
  /** Never changed, but replaced, so that whoever walks it is not disturbed. */
  #few = NONE
  /** Holds all of them as soon as there are more than a few, and from then on. */
  #all: Map<string, Subscription> | undefined

  get size(): number {
    return this.#all?.size ?? this.#few.length
  }

  get(channel: string): Subscription | undefined {
    if (this.#all !== undefined) return this.#all.get(channel)
    return this.#few.find((one) => one.channel.name === channel)
  }

  has(channel: string): boolean {
    return this.get(channel) !== undefined
  }

  /** Those there are now; adding and removing meanwhile changes nothing of it. */
  values(): readonly Subscription[] {
    return this.#all === undefined ? this.#few : [...this.#all.values()]
  }

  add(subscription: Subscription): void {
    const { name } = subscription.channel
    if (this.#all === undefined) {
      // A list of exactly this length: `push` and spread would make room for 17.
      this.#few = this.#without(name).concat(subscription)
      if (this.#few.length <= FEW) return
      this.#all = new Map(this.#few.map((one) => [one.channel.name, one]))
      this.#few = NONE
    } else this.#all.set(name, subscription)
  }

  /** False: it is not, or no longer, the one of its channel. */
  remove(subscription: Subscription): boolean {
    const { name } = subscription.channel
    if (this.get(name) !== subscription) return false
    if (this.#all === undefined) this.#few = this.#without(name)
    else this.#all.delete(name)
    return true
  }

  #without(name: string): readonly Subscription[] {
    return this.#few.filter((one) => one.channel.name !== name)
  }
}
