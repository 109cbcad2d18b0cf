import type { Clock } from '../ports.ts'

const MAX_MARGIN_SECONDS = 30

/**
 * Seconds after which an SDK refreshes. SDKs refresh when it has passed, so it ends before the expiry: by a
 * twentieth of the remaining time, at most 30 s. `expireAt` in Unix seconds.
 */
export function ttlOf(expireAt: number, clock: Clock): number {
  const left = expireAt - clock.now() / 1000
  return Math.max(1, Math.ceil(left) - Math.min(MAX_MARGIN_SECONDS, Math.floor(left / 20)))
}
