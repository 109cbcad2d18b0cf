/** The first result of a call, by the caller's id of the call. */
export interface Ledger {
  /** Stores `proposed` under `key`, or returns the value of an earlier call. `ttl` in seconds. */
  reserve(key: string, proposed: Reserved, ttl: number): Promise<Reserved & { readonly known: boolean }>
  /** Adds the result to a reservation. */
  settle(key: string, result: string): Promise<void>
}

export interface Reserved {
  /** Id of the message or operation, the same for each repetition. */
  readonly id: string
  /** Unix ms. */
  readonly at: number
  /** JSON text; absent while the call has no result. */
  readonly result?: string
}
