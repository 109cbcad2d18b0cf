// @ts-check
/**
 * When to try the connection again. The SDK has its own timer but does not tell when it fires; this page wants to show
 * it, so it keeps the time itself: full jitter over a doubling interval, as the SDK does.
 */

const FIRST = 500
const LONGEST = 10_000

/** @param {() => void} attempt */
export function createRetry(attempt) {
  let failures = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer

  const clear = () => {
    clearTimeout(timer)
    timer = undefined
  }

  const fire = () => {
    clear()
    attempt()
  }

  return {
    /** Plans the next attempt; returns when it will be, in Unix ms. */
    plan() {
      clear()
      const wait = Math.min(LONGEST, FIRST + Math.random() * FIRST * 2 ** failures)
      failures = Math.min(failures + 1, 10)
      timer = setTimeout(fire, wait)
      return Date.now() + wait
    },
    /** Tries now, if an attempt is planned. */
    now() {
      if (timer !== undefined) fire()
    },
    /** Connected, or no longer wanted. */
    reset() {
      clear()
      failures = 0
    },
  }
}
