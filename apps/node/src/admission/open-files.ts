/** Maximum number of connections of a process. Each is an open file. */
import { readFileSync } from 'node:fs'

/** Open files for Redis, logs, listeners, probes and refused handshakes. */
const RESERVE = { share: 0.1, atLeast: 64, atMost: 2048 }

/** `limit`: of open files, `undefined` if unknown. Infinity: no bound. */
export function connectionBound(limit: number | undefined): number {
  if (limit === undefined || limit === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY
  const reserve = Math.min(RESERVE.atMost, Math.max(RESERVE.atLeast, Math.ceil(limit * RESERVE.share)))
  return Math.max(1, limit - reserve)
}

/**
 * Limit of open files of this process on Linux. Node raises the soft limit to the hard one when it starts.
 */
export function openFilesLimit(
  read = (): string => readFileSync('/proc/self/limits', 'utf8'),
): number | undefined {
  if (process.platform !== 'linux') return undefined
  const limit = /^Max open files\s+(\d+|unlimited)/m.exec(read())?.[1]
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit)
}
