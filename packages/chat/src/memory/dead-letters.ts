import type { DeadLetters } from '../ports.ts'
import { pageOf } from './page.ts'

/** The same limit as in Redis; the oldest letters are evicted. */
const MAX_LETTERS = 10_000

export function memoryDeadLetters(): DeadLetters {
  const letters = new Map<string, string>()
  const known = new Map<string, string>()
  let last = 0
  return {
    async add(once, text) {
      if (known.has(once)) return false
      const id = `${String(++last).padStart(13, '0')}-0`
      known.set(once, id)
      letters.set(id, text)
      if (letters.size > MAX_LETTERS) letters.delete(letters.keys().next().value ?? '')
      if (known.size > 2 * MAX_LETTERS) known.delete(known.keys().next().value ?? '')
      return true
    },
    async list(page) {
      const items = [...letters].map(([id, text]) => ({ id, text }))
      return pageOf(items, page, (item) => item.id)
    },
    async get(id) {
      return letters.get(id)
    },
    async remove(id) {
      return letters.delete(id)
    },
  }
}
