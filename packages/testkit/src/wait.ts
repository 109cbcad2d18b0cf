/**
 * Barriers with a timeout: each names the event it waits for, so that a failed test reports the missing one.
 */

/** The promise's value, or a rejection that names `what` after `ms`. */
export async function within<T>(what: string, promise: Promise<T>, ms = 10_000): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms in vain for ${what}`)), ms)
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Calls `check` every 20 ms until it returns something other than `undefined`, `false`, `null`, and returns
 * that. An error of `check` counts as "not yet"; a timeout reports the last one.
 */
export async function waitFor<T>(
  what: string,
  check: () => T | Promise<T>,
  ms = 10_000,
): Promise<Exclude<T, undefined | false | null>> {
  const deadline = performance.now() + ms
  let last: unknown
  while (performance.now() < deadline) {
    try {
      const value = await check()
      if (value !== undefined && value !== false && value !== null) {
        return value as Exclude<T, undefined | false | null>
      }
      last = undefined
    } catch (error) {
      last = error
    }
    await pause(20)
  }
  throw new Error(`waited ${ms} ms in vain for ${what}`, { cause: last })
}

/** For the pace of a load or a fault. Absence is proved by a barrier publication, never by a pause. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
