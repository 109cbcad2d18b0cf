/** A page of a list in the order of its keys. `cursor` is absent on the last page. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly cursor?: string
}

export interface PageCall {
  readonly limit: number
  /** The `cursor` of the previous page. */
  readonly cursor?: string | undefined
}
