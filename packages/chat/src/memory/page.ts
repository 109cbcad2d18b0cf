import type { Page, PageCall } from '../ports.ts'

/** A page of items that are sorted by `keyOf`. */
export function pageOf<T>(
  sorted: readonly T[],
  { limit, cursor }: PageCall,
  keyOf: (item: T) => string,
): Page<T> {
  const rest = cursor === undefined ? sorted : sorted.filter((item) => keyOf(item) > cursor)
  const items = rest.slice(0, limit)
  const last = items.at(-1)
  return { items, ...(last !== undefined && rest.length > limit && { cursor: keyOf(last) }) }
}

export function byKey<T>(items: Iterable<T>, keyOf: (item: T) => string): T[] {
  return [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0))
}
