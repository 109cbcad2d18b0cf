/** One client of the load, of either kind. */
import type { Top } from './plan.ts'

export interface Member {
  readonly name: string
  /** Subscribed to all its channels. */
  readonly live: boolean
  /** It was meant to end with its connection, and has ended. */
  readonly gone: boolean
  start(): void
  /** Loses its socket without a close frame. It stays away until {@link comeBack}. */
  cut(): void
  /** Connects, if it is away by itself. */
  comeBack(): void
  /** Pauses or resumes reading. */
  freeze(frozen: boolean): void
  /** Subscribed, and all named channels are at their top positions. */
  standsAt(tops: ReadonlyMap<string, Top>): boolean
  /** Ends permanently. */
  stop(): void
}

export function stands(positions: ReadonlyMap<string, Top>, tops: ReadonlyMap<string, Top>): boolean {
  for (const [channel, { epoch, offset }] of positions) {
    const top = tops.get(channel)
    if (top !== undefined && (top.epoch !== epoch || offset < top.offset)) return false
  }
  return true
}
