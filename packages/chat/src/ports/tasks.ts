/** Work to be done at a time by any node, at least once. */
export interface Tasks {
  /** A known id keeps its first payload; its time becomes `at`. Unix ms. */
  put(id: string, at: number, payload: string): Promise<void>
  remove(id: string): Promise<void>
  /** Tasks whose time has come; they are due again at `now + lease`, in case the taker does not finish. */
  take(now: number, lease: number, limit: number): Promise<readonly TakenTask[]>
}

export interface TakenTask {
  readonly id: string
  readonly payload: string
  /** How many times it was taken, this one included. */
  readonly attempts: number
}
