/** Why a subscription ends, as the client and the events name it. */
export interface EndReason {
  readonly code: number
  readonly reason: string
}

/** A subscription as its connection knows it. */
export interface ConnectionSubscription {
  readonly channel: { readonly name: string }
  /** Made by the token or the server API, not by a subscribe command. */
  readonly serverSide: boolean
  /** JSON text others see as `chan_info`. */
  readonly info: string | undefined
  /** Unix seconds; 0: never. */
  expireAt: number
  /** `lost`: the client did not ask for it and may return. */
  end(why: EndReason, lost: boolean): void
  /** The connection's token has expired: pushes wait until it is refreshed. Repeated calls do nothing. */
  suspend(): void
}

/** Most connections have fewer. A list of two takes 64 bytes, a map of two 184 (heap snapshot). */
const MAX_LISTED_SUBSCRIPTIONS = 8
const NONE: readonly ConnectionSubscription[] = []

/** The subscriptions of one connection, by channel. */
export class Subscriptions {
  /** Replaced and never changed, so that a caller may iterate over it meanwhile. */
  #few = NONE
  /** Holds all of them from the first time that there are too many for the list. */
  #all: Map<string, ConnectionSubscription> | undefined

  get size(): number {
    return this.#all?.size ?? this.#few.length
  }

  get(channel: string): ConnectionSubscription | undefined {
    if (this.#all !== undefined) return this.#all.get(channel)
    return this.#few.find((one) => one.channel.name === channel)
  }

  has(channel: string): boolean {
    return this.get(channel) !== undefined
  }

  /** The present ones. Adding and removing do not change the list. */
  values(): readonly ConnectionSubscription[] {
    return this.#all === undefined ? this.#few : [...this.#all.values()]
  }

  add(subscription: ConnectionSubscription): void {
    const { name } = subscription.channel
    if (this.#all === undefined) {
      // `concat` makes a list of exactly this length; `push` and spread reserve 17 places.
      this.#few = this.#without(name).concat(subscription)
      if (this.#few.length <= MAX_LISTED_SUBSCRIPTIONS) return
      this.#all = new Map(this.#few.map((one) => [one.channel.name, one]))
      this.#few = NONE
    } else this.#all.set(name, subscription)
  }

  /** False: another subscription or none holds the channel. */
  remove(subscription: ConnectionSubscription): boolean {
    const { name } = subscription.channel
    if (this.get(name) !== subscription) return false
    if (this.#all === undefined) this.#few = this.#without(name)
    else this.#all.delete(name)
    return true
  }

  #without(name: string): readonly ConnectionSubscription[] {
    return this.#few.filter((one) => one.channel.name !== name)
  }
}
