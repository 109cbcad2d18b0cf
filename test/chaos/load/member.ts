/** One client of the load, however it is made. */
import type { Top } from './plan.ts'

export interface Member {
  readonly name: string
  /** Subscribed to all its channels. */
  readonly live: boolean
  /** It was to end with its connection, and did. */
  readonly gone: boolean
  start(): void
  /** Loses its socket without a close frame. It stays away until {@link comeBack}. */
  cut(): void
  /** Dials, if it is away by its own doing. */
  comeBack(): void
  /** Stops reading, or reads again. */
  freeze(frozen: boolean): void
  /** Subscribed, and all of its channels that are named stand at their tops. */
  standsAt(tops: ReadonlyMap<string, Top>): boolean
  /** Ends for good. */
  stop(): void
}

export function stands(positions: ReadonlyMap<string, Top>, tops: ReadonlyMap<string, Top>): boolean {
  for (const [channel, { epoch, offset }] of positions) {
    const top = tops.get(channel)
    if (top !== undefined && (top.epoch !== epoch || offset < top.offset)) return false
  }
  return true
}
