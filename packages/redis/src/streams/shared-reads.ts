/**
 * Equal reads share one command. When the clients of a room reconnect together, each reads the same page of
 * its stream.
 *
 * A caller gets a reply to a command that was sent *after* its call. A subscriber that recovers buffers
 * publications from then on, and an older reply could lack earlier ones (`recovery.ts` of core). A call
 * during a read therefore shares the next read.
 */

interface Flight<R> {
  readonly done: Promise<unknown>
  /** Starts when this read is done. */
  next: Promise<R> | undefined
}

export class SharedReads<R> {
  readonly #flights = new Map<string, Flight<R>>()

  /** Number of reads in flight. */
  get size(): number {
    return this.#flights.size
  }

  /** `key` identifies all that the result of `run` depends on. */
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
