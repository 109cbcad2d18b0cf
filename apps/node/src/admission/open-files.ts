/** How many connections a process may have: each is an open file, and so is much besides. */
import { readFileSync } from 'node:fs'

/** For Redis, logs, listeners, probes, and connections that are refused by an answer. */
const RESERVE = { share: 0.1, atLeast: 64, atMost: 2048 }

/** `limit`: of open files, `undefined` where the system does not say. Infinity: no bound. */
export function connectionBound(limit: number | undefined): number {
  if (limit === undefined || limit === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY
  const reserve = Math.min(RESERVE.atMost, Math.max(RESERVE.atLeast, Math.ceil(limit * RESERVE.share)))
  return Math.max(1, limit - reserve)
}

/** Of this process now, as Linux says it (Node raises the soft limit to the hard one at its start). */
export function openFilesLimit(
  read = (): string => readFileSync('/proc/self/limits', 'utf8'),
): number | undefined {
  if (process.platform !== 'linux') return undefined
  const limit = /^Max open files\s+(\d+|unlimited)/m.exec(read())?.[1]
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit)
}
