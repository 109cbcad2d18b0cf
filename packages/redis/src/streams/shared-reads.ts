/**
 * Equal reads done once for all who ask. When a room's clients come back together, each asks for the same page of its stream.
 *
 * Whoever asks gets an answer to a question that was put *after* it asked: a subscriber that recovers buffers what is published
 * from then on, and an older answer could lack what was published before (`recovery.ts` of core). So whoever comes while a
 * read is under way shares the next one, not this one.
 */

interface Flight<R> {
  readonly done: Promise<unknown>
  /** Begins when this one is done. */
  next: Promise<R> | undefined
}

export class SharedReads<R> {
  readonly #flights = new Map<string, Flight<R>>()

  /** Reads under way. */
  get size(): number {
    return this.#flights.size
  }

  /** `key`: says all that `run` depends on. */
  read(key: string, run: () => Promise<R>): Promise<R> {
    const flight = this.#flights.get(key)
    if (flight === undefined) return this.#begin(key, run)
    flight.next ??= flight.done.then(() => this.#begin(key, run))
    return flight.next
  }

  #begin(key: string, run: () => Promise<R>): Promise<R> {
    const result = run()
    const end = (): void => {
      if (flight.next === undefined) this.#flights.delete(key)
    }
    const flight: Flight<R> = { done: result.then(end, end), next: undefined }
    this.#flights.set(key, flight)
    return result
  }
}
