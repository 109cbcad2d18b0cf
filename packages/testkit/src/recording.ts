/** Items that a client received, recorded from the first byte, before any listener asks for them. */
import { within } from './wait.ts'

interface Waiter<T> {
  readonly matches: (item: T) => boolean
  readonly resolve: (item: T) => void
  /** Takes its item: no other such waiter gets it. */
  readonly takes: boolean
}

export class Recording<T> {
  /** All items, in order. */
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
    let free = true
    for (const waiter of this.#waiters) {
      if ((waiter.takes && !free) || !waiter.matches(item)) continue
      this.#waiters.delete(waiter)
      if (waiter.takes) {
        free = false
        this.#taken = this.all.length
      }
      waiter.resolve(item)
    }
  }

  /** The first item not yet taken by `next` that matches; earlier ones count as taken. */
  next(matches: (item: T) => boolean = () => true, ms?: number): Promise<T> {
    for (let at = this.#taken; at < this.all.length; at++) {
      const item = this.all[at] as T
      if (!matches(item)) continue
      this.#taken = at + 1
      return Promise.resolve(item)
    }
    return this.#wait(matches, true, ms)
  }

  /** The first item that matches, taken or not. */
  find(matches: (item: T) => boolean, ms?: number): Promise<T> {
    const at = this.all.findIndex((item) => matches(item))
    return at < 0 ? this.#wait(matches, false, ms) : Promise.resolve(this.all[at] as T)
  }

  /** The first `count` items; resolves when they have arrived. */
  async first(count: number, ms?: number): Promise<readonly T[]> {
    if (this.all.length < count) await this.#wait(() => this.all.length >= count, false, ms)
    return this.all.slice(0, count)
  }

  #wait(matches: (item: T) => boolean, takes: boolean, ms?: number): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<T>()
    const waiter = { matches, resolve, takes }
    this.#waiters.add(waiter)
    const seen = this.all.length
    return within(`one more of ${this.#what}`, promise, ms)
      .catch((error: unknown) => {
        throw new Error(`${String(error)} (${seen} when the wait began, ${this.all.length} now)`)
      })
      .finally(() => this.#waiters.delete(waiter))
  }
}
