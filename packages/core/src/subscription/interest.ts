/**
 * The channels that this node has subscribed to at the broker: once for each channel, whatever the number of
 * subscriptions. The operations of a channel are ordered: join, leave, join ends subscribed, and no subscribe
 * is answered before the broker listens.
 */
interface Entry {
  count: number
  /** Settles when the broker listens; shared by all subscriptions. */
  ready: Promise<void>
  /** The last operation on the broker for this channel. */
  tail: Promise<unknown>
}

/** Shared by all entries without an operation in flight: two promises of its own cost each entry 96 bytes. */
const DONE: Promise<void> = Promise.resolve()

/** The part of the broker that interest uses. */
export interface InterestBroker {
  subscribe(channel: string): Promise<void>
  unsubscribe(channel: string): Promise<void>
}

export class Interest {
  readonly #broker: InterestBroker
  readonly #entries = new Map<string, Entry>()
  readonly #onError: (error: unknown) => void

  /** `onError` receives the errors of unsubscribes, which nobody awaits. */
  constructor(broker: InterestBroker, onError: (error: unknown) => void) {
    this.#broker = broker
    this.#onError = onError
  }

  /** The channels with interest. */
  channels(): IterableIterator<string> {
    return this.#entries.keys()
  }

  /** Resolves once the broker listens. If it rejects, nothing was acquired. */
  async acquire(channel: string): Promise<void> {
    const entry = this.#entries.get(channel) ?? this.#create(channel)
    entry.count++
    if (entry.count === 1) {
      entry.ready = entry.tail.then(() => this.#broker.subscribe(channel))
      entry.tail = entry.ready.catch(() => undefined) // Those who await `ready` handle the error.
    }
    const { ready, tail } = entry
    try {
      await ready
    } catch (error) {
      this.release(channel)
      throw error
    }
    if (entry.tail !== tail) return
    entry.ready = DONE
    entry.tail = DONE
  }

  /** Undoes one {@link acquire}. The last one unsubscribes at the broker. */
  release(channel: string): void {
    const entry = this.#entries.get(channel)
    if (entry === undefined) return
    entry.count--
    if (entry.count > 0) return
    const tail = entry.tail
      .then(() => this.#leave(channel, entry))
      .then(() => {
        // Only the last operation may delete the entry: others wait behind any other one.
        if (entry.count === 0 && entry.tail === tail) this.#entries.delete(channel)
      })
    entry.tail = tail
  }

  #create(channel: string): Entry {
    const entry: Entry = { count: 0, ready: DONE, tail: DONE }
    this.#entries.set(channel, entry)
    return entry
  }

  async #leave(channel: string, entry: Entry): Promise<void> {
    if (entry.count > 0) return
    try {
      await this.#broker.unsubscribe(channel)
    } catch (error) {
      this.#onError(error)
    }
  }
}
