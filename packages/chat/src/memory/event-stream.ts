import type { EventStream } from '../ports.ts'

/** The same limit as in Redis; the oldest events are evicted, delivered or not. */
const MAX_EVENTS = 100_000

interface Pending {
  givenAt: number
  deliveries: number
}

interface Group {
  next: number
  readonly pending: Map<string, Pending>
}

export function memoryEventStream(now: () => number): EventStream {
  const entries = new Map<number, string>()
  const groups = new Map<string, Group>()
  let top = 0
  const textOf = (id: string) => entries.get(Number(id))
  return {
    async append(text) {
      entries.set(++top, text)
      entries.delete(top - MAX_EVENTS)
    },
    async open(name) {
      if (!groups.has(name)) groups.set(name, { next: top + 1, pending: new Map() })
    },
    async read(name, _, limit) {
      const group = groups.get(name)
      if (group === undefined) return []
      const found: { id: string; text: string }[] = []
      for (; group.next <= top && found.length < limit; group.next++) {
        const text = entries.get(group.next)
        if (text === undefined) continue
        const id = String(group.next)
        group.pending.set(id, { givenAt: now(), deliveries: 1 })
        found.push({ id, text })
      }
      return found
    },
    async pending(name, idle, limit) {
      const all = [...(groups.get(name)?.pending ?? [])].map(([id, { givenAt, deliveries }]) => ({
        id,
        idle: now() - givenAt,
        deliveries,
      }))
      return all.filter((entry) => entry.idle >= idle).slice(0, limit)
    },
    async claim(name, _, id, idle) {
      const pending = groups.get(name)?.pending
      const entry = pending?.get(id)
      if (entry === undefined || now() - entry.givenAt < idle) return undefined
      const text = textOf(id)
      if (text === undefined) {
        pending?.delete(id)
        return undefined
      }
      entry.givenAt = now()
      entry.deliveries++
      return { id, text }
    },
    async ack(name, id) {
      groups.get(name)?.pending.delete(id)
    },
    async behind(name) {
      const group = groups.get(name)
      return (
        group && {
          waiting: top + 1 - Math.max(group.next, top - MAX_EVENTS + 1),
          pending: group.pending.size,
        }
      )
    },
  }
}
