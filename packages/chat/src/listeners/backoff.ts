/** Retry times of failed deliveries. */
export interface Backoff {
  /** Timeout of one delivery, in ms. No retry begins earlier. */
  readonly timeout: number
  /** Delay after the first failure, in ms; it doubles with each further failure. */
  readonly first: number
  readonly most: number
  /** Maximum attempts; then the event becomes a dead letter. */
  readonly attempts: number
}

/** About an hour in total. After a longer outage, dead letters can be replayed. */
export const BACKOFF: Backoff = { timeout: 5000, first: 1000, most: 900_000, attempts: 12 }

/**
 * Time from the beginning of delivery number `deliveries` to the next one, in ms. The jitter (up to 25 %
 * less) is derived from the entry, so every node computes the same time.
 */
export function retryAfter(backoff: Backoff, id: string, deliveries: number): number {
  const wait = Math.min(backoff.most, backoff.first * 2 ** Math.min(deliveries - 1, 30))
  return Math.round(backoff.timeout + wait * (1 - jitter(`${id}:${deliveries}`) / 4))
}

/** Uniform in [0, 1), by FNV-1a. */
function jitter(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0) / 2 ** 32
}
