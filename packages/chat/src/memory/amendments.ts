import type { AmendmentRecord, Amendments } from '../ports.ts'
import { Expiring } from './expiring.ts'

export function memoryAmendments(now: () => number): Amendments {
  const conversations = new Expiring<Map<number, AmendmentRecord>>(now)
  return {
    async read(conversation, offsets) {
      const records = conversations.get(conversation)
      return offsets.map((offset) => records?.get(offset))
    },
    async write(conversation, offset, record, expected, ttl) {
      const records = conversations.get(conversation) ?? new Map<number, AmendmentRecord>()
      if ((records.get(offset)?.version ?? 0) !== expected) return false
      conversations.set(conversation, records.set(offset, record), ttl)
      return true
    },
    async keep(conversation, ttl) {
      const records = conversations.get(conversation)
      if (records !== undefined) conversations.set(conversation, records, ttl)
    },
    async trim(conversation, before) {
      const records = conversations.get(conversation)
      for (const offset of records?.keys() ?? []) if (offset < before) records?.delete(offset)
    },
  }
}
