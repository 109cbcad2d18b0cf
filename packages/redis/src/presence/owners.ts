/** Parts of the node's membership that presence uses. */

/** This node's incarnation and its view of the others. */
export interface Incarnation {
  readonly uid: string
  readonly isOver: boolean
  readonly members: Known
  /** Rejects if the incarnation is over or may be. */
  assertHeld(what: string): void
  /** Incarnations whose entries count. */
  live(): readonly string[]
  /** The members, at most about one renewal old; newer if they lack one of `uids`. */
  read(uids?: readonly string[]): Promise<Known>
}

export interface Known {
  knows(uid: string): boolean
}

/** Removals of entries whose addition failed with an unknown outcome. */
export interface LateRemovals {
  add(id: string, remove: () => Promise<void>): void
  forget(id: string): void
}

/** Declares incarnations over that have entries but no lease. */
export interface Strays {
  declareStrays(uids: readonly string[], channel?: string): void
}
