/**
 * Interest: which channels this node has asked the broker for. Asked once per channel however many subscriptions there
 * are, and ordered per channel, so that join, leave, join ends subscribed, and nobody is told `ok` before the broker listens.
 */
interface Entry {
  count: number
  /** Settles when the broker listens; shared by all who wait. */
  ready: Promise<void>
  /** The last operation on the broker for this channel. */
  tail: Promise<unknown>
}

export interface Listening {
  subscribe(channel: string): Promise<void>
  unsubscribe(channel: string): Promise<void>
}

export class Interest {
  readonly #broker: Listening
  readonly #entries = new Map<string, Entry>()
  readonly #onError: (error: unknown) => void

  /** `onError` hears of failed unsubscribes, which nobody awaits. */
  constructor(broker: Listening, onError: (error: unknown) => void) {
    this.#broker = broker
    this.#onError = onError
  }

  /** Channels with interest now. */
  channels(): IterableIterator<string> {
    return this.#entries.keys()
  }

  /** Resolves once the broker listens. When it rejects, nothing was acquired. */
  async acquire(channel: string): Promise<void> {
    const entry = this.#entries.get(channel) ?? this.#create(channel)
    entry.count++
    if (entry.count === 1) {
      entry.ready = entry.tail.then(() => this.#broker.subscribe(channel))
      entry.tail = entry.ready.catch(() => undefined) // whoever waits for `ready` hears of it
    }
    try {
      await entry.ready
    } catch (error) {
      this.release(channel)
      throw error
    }
  }

  /** Undoes one {@link acquire}; the last one tells the broker. */
  release(channel: string): void {
    const entry = this.#entries.get(channel)
    if (entry === undefined) return
    entry.count--
    if (entry.count > 0) return
    const tail = entry.tail
      .then(() => this.#leave(channel, entry))
      .then(() => {
        // Only the last operation may forget the channel: behind any other, more are ordered.
        if (entry.count === 0 && entry.tail === tail) this.#entries.delete(channel)
      })
    entry.tail = tail
  }

  #create(channel: string): Entry {
    const entry: Entry = { count: 0, ready: Promise.resolve(), tail: Promise.resolve() }
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
