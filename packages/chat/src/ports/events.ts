export interface StreamEntry {
  readonly id: string
  readonly text: string
}

export interface PendingEntry {
  readonly id: string
  /** ms since it was given to a consumer last. */
  readonly idle: number
  /** How many times it was given. */
  readonly deliveries: number
}

/** What a group has before it. */
export interface Behind {
  /** Entries that no consumer was given yet. */
  readonly waiting: number
  /** Given and not acknowledged: under way, or failed and to be tried again. */
  readonly pending: number
}

/** A stream of events with one group of consumers per listener; each group sees every event. */
export interface EventStream {
  append(text: string): Promise<void>
  /** Makes the group where there is none; it begins with what comes from then on. */
  open(group: string): Promise<void>
  /** Entries that no consumer of the group was given yet. */
  read(group: string, consumer: string, limit: number): Promise<readonly StreamEntry[]>
  /** Given and not acknowledged, for at least `idle` ms. */
  pending(group: string, idle: number, limit: number): Promise<readonly PendingEntry[]>
  /** Gives a pending entry again when it is still idle for `idle` ms: of several callers one gets it. */
  claim(group: string, consumer: string, id: string, idle: number): Promise<StreamEntry | undefined>
  ack(group: string, id: string): Promise<void>
  /** How far behind a group is; `undefined` where there is none, or nobody can say. */
  behind(group: string): Promise<Behind | undefined>
}
