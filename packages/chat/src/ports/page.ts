/** A page of a list in the order of its keys; `cursor` absent: no more. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly cursor?: string
}

export interface PageCall {
  readonly limit: number
  /** The `cursor` of the page before. */
  readonly cursor?: string | undefined
}
