import type { Advance, Cursor, Cursors } from '../ports.ts'

export function memoryCursors(): Cursors {
  const read = new Map<string, Map<string, Cursor>>()
  const furthest = new Map<string, Map<string, Cursor>>()
  const devices = new Map<string, Map<string, Cursor>>()
  return {
    async read(user, conversation, cursor) {
      return advance(read, user, conversation, cursor)
    },
    async deliver(user, device, conversation, cursor) {
      advance(devices, JSON.stringify([user, device]), conversation, cursor)
      return advance(furthest, user, conversation, cursor)
    },
    async of(user, conversations) {
      return conversations.map((conversation) => {
        const [r, d] = [read.get(user)?.get(conversation), furthest.get(user)?.get(conversation)]
        return { ...(r && { read: r }), ...(d && { delivered: d }) }
      })
    },
  }
}

function advance(
  all: Map<string, Map<string, Cursor>>,
  key: string,
  conversation: string,
  cursor: Cursor,
): Advance {
  const own = all.get(key) ?? new Map<string, Cursor>()
  const known = own.get(conversation)
  if (known !== undefined && !isBeyond(cursor, known)) {
    return { advanced: false, cursor: known }
  }
  all.set(key, own.set(conversation, cursor))
  return { advanced: true, cursor }
}

function isBeyond(cursor: Cursor, known: Cursor): boolean {
  return cursor.epoch === known.epoch ? cursor.offset > known.offset : cursor.at > known.at
}
