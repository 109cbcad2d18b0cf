/** What became of messages since they were sent: one record each, beside the log, for those who come later. */
export interface Amendments {
  read(conversation: string, offsets: readonly number[]): Promise<readonly (AmendmentRecord | undefined)[]>
  /** False when the record's version is not `expected` (0: none). */
  write(
    conversation: string,
    offset: number,
    record: AmendmentRecord,
    expected: number,
    ttl: number,
  ): Promise<boolean>
  /** The records live on with their log, seconds. */
  keep(conversation: string, ttl: number): Promise<void>
  /** Forgets the records of messages before `offset`, which the log no longer holds. */
  trim(conversation: string, offset: number): Promise<void>
}

export interface AmendmentRecord {
  readonly version: number
  /** JSON text. */
  readonly state: string
}
