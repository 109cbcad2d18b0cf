/**
 * What is asked in one turn of the event loop, done together: each of many small calls costs several times what it carries.
 * All of a batch fail together.
 */

export class TurnBatch<T, R> {
  readonly #most: number
  readonly #run: (items: readonly T[]) => Promise<readonly R[]>
  readonly #fits: (item: T, first: T) => boolean
  #items: T[] = []
  #outcome: PromiseWithResolvers<readonly R[]> | undefined

  /**
   * `most`: items of a batch. `run`: resolves with one result for each item. `fits`: whether an item may go into the batch
   * that begins with `first`; otherwise that one is run before. Batches are begun in the order of their items.
   */
  constructor(
    most: number,
    run: (items: readonly T[]) => Promise<readonly R[]>,
    fits: (item: T, first: T) => boolean = () => true,
  ) {
    this.#most = most
    this.#run = run
    this.#fits = fits
  }

  async add(item: T): Promise<R> {
    const [first] = this.#items
    if (first !== undefined && !this.#fits(item, first)) this.#flush()
    if (this.#outcome === undefined) {
      this.#outcome = Promise.withResolvers()
      setImmediate(this.#end, this.#outcome)
    }
    const { promise } = this.#outcome
    const at = this.#items.push(item) - 1
    if (this.#items.length >= this.#most) this.#flush()
    return (await promise)[at] as R
  }

  /** The turn in which a batch was begun is over; it may have been run already. */
  readonly #end = (outcome: PromiseWithResolvers<readonly R[]>): void => {
    if (this.#outcome === outcome) this.#flush()
  }

  #flush(): void {
    const [items, outcome] = [this.#items, this.#outcome]
    this.#items = []
    this.#outcome = undefined
    if (outcome !== undefined) this.#run(items).then(outcome.resolve, outcome.reject)
  }
}
