/** When a delivery that failed is tried again. */
export interface Backoff {
  /** ms that a delivery may take; nobody tries again before. */
  readonly timeout: number
  /** ms after the first failure, doubled with each. */
  readonly first: number
  readonly most: number
  /** Attempts before the event becomes a dead letter. */
  readonly attempts: number
}

/** With its doubling about an hour in all: longer outages are for the dead letters, which can be replayed. */
export const BACKOFF: Backoff = { timeout: 5000, first: 1000, most: 900_000, attempts: 12 }

/**
 * How long an entry is left alone after its `deliveries`-th delivery began, ms. The jitter (up to a quarter less) comes from
 * the entry itself, so that every node computes the same.
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
