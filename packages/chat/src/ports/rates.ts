/** Token buckets. */
export interface Rates {
  /** Takes one token and returns 0, or returns the ms until the next token. */
  take(key: string, burst: number, perSecond: number, now: number): Promise<number>
}
