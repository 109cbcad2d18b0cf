/** Counts of a load process over all its connections. */
import { Histogram } from './histogram.ts'

export class Counters {
  received = 0
  outOfOrder = 0
  bytes = 0
  open = 0
  readonly latency = new Histogram()
  readonly lost = new Map<string, number>()

  /** An open connection ended although the bench did not end it. */
  loses(why: string): void {
    this.lost.set(why, (this.lost.get(why) ?? 0) + 1)
  }

  clear(): void {
    this.received = 0
    this.outOfOrder = 0
    this.bytes = 0
    this.latency.clear()
    this.lost.clear()
  }
}
