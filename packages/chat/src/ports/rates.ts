/** Token buckets. */
export interface Rates {
  /** Takes one token; returns 0, or the ms until there is one. */
  take(key: string, burst: number, perSecond: number, now: number): Promise<number>
}
