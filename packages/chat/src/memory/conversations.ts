import type { Conversations, Flags } from '../ports.ts'
import { Expiring } from './expiring.ts'

const NONE: Flags = { muted: false, pinned: false }

export function memoryConversations(now: () => number): Conversations {
  const rooms = new Map<string, Set<string>>()
  const directs = new Map<string, Map<string, number>>()
  const touched = new Expiring<number>(now)
  const flags = new Map<string, Map<string, Flags>>()
  return {
    async addRoom(user, room, most) {
      const own = rooms.get(user) ?? new Set<string>()
      if (!own.has(room) && own.size >= most) return false
      rooms.set(user, own.add(room))
      return true
    },
    async removeRoom(user, room) {
      rooms.get(user)?.delete(room)
    },
    async touchDirect(user, other, at, most) {
      const own = directs.get(user) ?? new Map<string, number>()
      own.set(other, Math.max(at, own.get(other) ?? 0))
      const latest = sorted(own).slice(0, most)
      directs.set(user, new Map(latest))
    },
    async of(user) {
      const own = directs.get(user) ?? new Map<string, number>()
      return { rooms: [...(rooms.get(user) ?? [])], directs: sorted(own).map(([other]) => other) }
    },
    async touch(conversation, at, ttl) {
      touched.set(conversation, Math.max(at, touched.get(conversation) ?? 0), ttl)
    },
    async touched(conversations) {
      return conversations.map((conversation) => touched.get(conversation))
    },
    async setFlags(user, conversation, change) {
      const own = flags.get(user) ?? new Map<string, Flags>()
      const next = { ...(own.get(conversation) ?? NONE), ...change }
      flags.set(user, own.set(conversation, next))
      return next
    },
    async flags(user, conversations) {
      return conversations.map((conversation) => flags.get(user)?.get(conversation) ?? NONE)
    },
  }
}

/** Latest first; equal times in the order of names, as in Redis. */
function sorted(directs: ReadonlyMap<string, number>): [string, number][] {
  return [...directs].sort(([a, x], [b, y]) => y - x || (a < b ? 1 : -1))
}
