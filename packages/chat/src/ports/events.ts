export interface StreamEntry {
  readonly id: string
  readonly text: string
}

export interface PendingEntry {
  readonly id: string
  /** Time since its last delivery to a consumer, in ms. */
  readonly idle: number
  /** Number of deliveries. */
  readonly deliveries: number
}

/** The backlog of a group. */
export interface Behind {
  /** Entries that were not delivered to a consumer. */
  readonly waiting: number
  /** Delivered entries without acknowledgement: in flight, or waiting for a retry. */
  readonly pending: number
}

/** A stream of events with one consumer group per listener; each group receives every event. */
export interface EventStream {
  append(text: string): Promise<void>
  /** Creates the group if it does not exist; it begins with later events. */
  open(group: string): Promise<void>
  /** Entries that were not delivered to a consumer of the group. */
  read(group: string, consumer: string, limit: number): Promise<readonly StreamEntry[]>
  /** Entries that are unacknowledged for at least `idle` ms. */
  pending(group: string, idle: number, limit: number): Promise<readonly PendingEntry[]>
  /** Redelivers a pending entry that is idle for at least `idle` ms. One of several callers gets it. */
  claim(group: string, consumer: string, id: string, idle: number): Promise<StreamEntry | undefined>
  ack(group: string, id: string): Promise<void>
  /** The backlog of a group; `undefined` when the group does not exist or the backlog is unknown. */
  behind(group: string): Promise<Behind | undefined>
}
