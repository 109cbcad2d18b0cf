/** The first result of a call, by the caller's own id of it. */
export interface Ledger {
  /** Keeps `proposed` under `key`, or returns what an earlier call kept. `ttl` in seconds. */
  reserve(key: string, proposed: Reserved, ttl: number): Promise<Reserved & { readonly known: boolean }>
  /** Adds the result to what was reserved. */
  settle(key: string, result: string): Promise<void>
}

export interface Reserved {
  /** The id that the message or operation has whoever repeats it. */
  readonly id: string
  /** Unix ms. */
  readonly at: number
  /** JSON text; absent: not known yet. */
  readonly result?: string
}
