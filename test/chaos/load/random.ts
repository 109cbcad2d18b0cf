/** Random numbers that a seed repeats (mulberry32). Uniform in [0, 1). */
export type Random = () => number

export function seeded(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Full jitter: anywhere between 0 and a ceiling that doubles with each attempt. Ms. */
export function backoff(random: Random, attempt: number): number {
  return random() * Math.min(3000, 200 * 2 ** Math.min(attempt, 10))
}
