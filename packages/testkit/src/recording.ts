/** What a client was told, kept from the first byte on, so that no event can come before its listener. */
import { within } from './wait.ts'

interface Waiter<T> {
  readonly matches: (item: T) => boolean
  readonly resolve: (item: T) => void
}

export class Recording<T> {
  /** Everything so far, in order. */
  readonly all: T[] = []
  readonly #what: string
  readonly #waiters = new Set<Waiter<T>>()
  #taken = 0

  /** `what`: a noun for error messages, as in "publications of alice". */
  constructor(what: string) {
    this.#what = what
  }

  push(item: T): void {
    this.all.push(item)
    for (const waiter of this.#waiters) {
      if (!waiter.matches(item)) continue
      this.#waiters.delete(waiter)
      waiter.resolve(item)
    }
  }

  /** The first item not yet taken by `next` that matches; those before it count as taken, too. */
  async next(matches: (item: T) => boolean = () => true, ms?: number): Promise<T> {
    const item = await this.#await((candidate) => matches(candidate), this.#taken, ms)
    this.#taken = this.all.indexOf(item, this.#taken) + 1
    return item
  }

  /** The first item of all that matches, taken or not. */
  find(matches: (item: T) => boolean, ms?: number): Promise<T> {
    return this.#await(matches, 0, ms)
  }

  /** The first `count` items, once there are so many. */
  async first(count: number, ms?: number): Promise<readonly T[]> {
    if (this.all.length < count) await this.#await(() => this.all.length >= count, this.all.length, ms)
    return this.all.slice(0, count)
  }

  #await(matches: (item: T) => boolean, from: number, ms?: number): Promise<T> {
    for (let at = from; at < this.all.length; at++) {
      const item = this.all[at] as T
      if (matches(item)) return Promise.resolve(item)
    }
    const waiter: Partial<Waiter<T>> = {}
    const found = new Promise<T>((resolve) => {
      this.#waiters.add(Object.assign(waiter, { matches, resolve }) as Waiter<T>)
    })
    return within(`one more of ${this.#what} (${this.all.length} so far)`, found, ms).finally(() => {
      this.#waiters.delete(waiter as Waiter<T>)
    })
  }
}
