/**
 * One clock for all processes of a machine: `performance.now` counts from the start of the process, this from
 * the machine's.
 */

/**
 * A pause of the process between the two readings would shift the clock; the best of many readings has none.
 */
const TRIES = 200

/**
 * `process.hrtime` is CLOCK_MONOTONIC, the same for every process. Read first, so its lead is at most the
 * true one.
 */
const origin = Math.max(
  ...Array.from({ length: TRIES }, () => Number(process.hrtime.bigint()) / 1000 - performance.now() * 1000),
)

/** Monotonic microseconds, comparable between processes of one machine. */
export function micros(): number {
  return performance.now() * 1000 + origin
}
