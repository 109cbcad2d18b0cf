/** Rate limit for repeated log lines: the first of a kind at once, then one in ten seconds. */
const EVERY_MS = 10_000

/** True if a line of this kind is due. Kinds are few: each is kept. */
export function onceInAWhile(now: () => number = () => performance.now()): (kind: string) => boolean {
  const next = new Map<string, number>()
  return (kind) => {
    const time = now()
    if (time < (next.get(kind) ?? Number.NEGATIVE_INFINITY)) return false
    next.set(kind, time + EVERY_MS)
    return true
  }
}
