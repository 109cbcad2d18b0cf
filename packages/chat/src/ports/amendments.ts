/** One record per amended message, beside the log, for readers of history. */
export interface Amendments {
  read(conversation: string, offsets: readonly number[]): Promise<readonly (AmendmentRecord | undefined)[]>
  /** False when the record's version is not `expected` (0: no record). */
  write(
    conversation: string,
    offset: number,
    record: AmendmentRecord,
    expected: number,
    ttl: number,
  ): Promise<boolean>
  /** Renews the expiry of the records together with their log. `ttl` in seconds. */
  keep(conversation: string, ttl: number): Promise<void>
  /** Removes the records of messages before `offset`, which the log no longer holds. */
  trim(conversation: string, offset: number): Promise<void>
}

export interface AmendmentRecord {
  readonly version: number
  /** JSON text. */
  readonly state: string
}
