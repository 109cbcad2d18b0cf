/** Work for any node at a given time, performed at least once. */
export interface Tasks {
  /** A known id keeps its first payload and gets the new time `at`, Unix ms. */
  put(id: string, at: number, payload: string): Promise<void>
  remove(id: string): Promise<void>
  /** Takes due tasks. They are due again at `now + lease` unless the taker removes them. */
  take(now: number, lease: number, limit: number): Promise<readonly TakenTask[]>
}

export interface TakenTask {
  readonly id: string
  readonly payload: string
  /** Number of times it was taken, this time included. */
  readonly attempts: number
}
