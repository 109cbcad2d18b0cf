/** Rate limit for repeated log lines: the first of a kind at once, then one in ten seconds, with a count. */
const EVERY_MS = 10_000

/** True if a line of this kind is due. Kinds are few: each is kept. */
export function onceInAWhile(now: () => number = () => performance.now()): (kind: string) => boolean {
  const count = countRepeated(now)
  return (kind) => count(kind) !== undefined
}

/** Number of lines of this kind left out since the last one, if a line is due; otherwise `undefined`. */
export function countRepeated(
  now: () => number = () => performance.now(),
): (kind: string) => number | undefined {
  const kinds = new Map<string, { next: number; omitted: number }>()
  return (kind) => {
    const time = now()
    const known = kinds.get(kind)
    if (known !== undefined && time < known.next) {
      known.omitted++
      return undefined
    }
    kinds.set(kind, { next: time + EVERY_MS, omitted: 0 })
    return known?.omitted ?? 0
  }
}
