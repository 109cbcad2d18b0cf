/**
 * Items of one turn of the event loop, processed as one batch: many small calls cost several times as much. A
 * batch that fails, fails for all its items; an item whose result is an error fails alone.
 */
export class TurnBatch<T, R> {
  readonly #maxItems: number
  readonly #run: (items: readonly T[]) => Promise<readonly (R | Error)[]>
  readonly #fits: (item: T, first: T) => boolean
  #items: T[] = []
  #outcome: PromiseWithResolvers<readonly (R | Error)[]> | undefined

  /**
   * A batch has at most `maxItems`. `run` resolves with one result for each item.
   * `fits`: whether an item may join the batch that begins with `first`; otherwise that batch runs before it.
   */
  constructor(
    maxItems: number,
    run: (items: readonly T[]) => Promise<readonly (R | Error)[]>,
    fits: (item: T, first: T) => boolean = () => true,
  ) {
    this.#maxItems = maxItems
    this.#run = run
    this.#fits = fits
  }

  async add(item: T): Promise<R> {
    const [first] = this.#items
    if (first !== undefined && !this.#fits(item, first)) this.#flush()
    if (this.#outcome === undefined) {
      const outcome = Promise.withResolvers<readonly (R | Error)[]>()
      this.#outcome = outcome
      setImmediate(() => this.#end(outcome))
    }
    const { promise } = this.#outcome
    const at = this.#items.push(item) - 1
    if (this.#items.length >= this.#maxItems) this.#flush()
    const result = (await promise)[at]
    if (result instanceof Error) throw result
    return result as R
  }

  /** The turn in which the batch began is over. The batch may have run already. */
  #end(outcome: PromiseWithResolvers<readonly (R | Error)[]>): void {
    if (this.#outcome === outcome) this.#flush()
  }

  #flush(): void {
    const [items, outcome] = [this.#items, this.#outcome]
    this.#items = []
    this.#outcome = undefined
    if (outcome !== undefined) this.#run(items).then(outcome.resolve, outcome.reject)
  }
}
