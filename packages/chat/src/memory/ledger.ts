import type { Ledger, Reserved } from '../ports.ts'
import { Expiring } from './expiring.ts'

export function memoryLedger(now: () => number): Ledger {
  const entries = new Expiring<Reserved>(now)
  return {
    async reserve(key, proposed, ttl) {
      const known = entries.get(key)
      if (known !== undefined) return { ...known, known: true }
      entries.set(key, proposed, ttl)
      return { ...proposed, known: false }
    },
    async settle(key, result) {
      const known = entries.get(key)
      if (known !== undefined) entries.replace(key, { ...known, result })
    },
  }
}
