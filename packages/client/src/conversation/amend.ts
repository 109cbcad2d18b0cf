import type { Amendment, Item, Message } from '../wire/shapes.ts'

/** A message as it was sent, with its offset in the log. */
export function itemOf(message: Message, offset: number): Item {
  return { ...message, offset, version: 0 }
}

/** An amendment replaces the whole amended state. An older version has no effect. */
export function amend(item: Item, amendment: Amendment): Item {
  if (amendment.version <= item.version) return item
  const { editedAt: _e, deletedAt: _d, deletedBy: _b, reactions: _r, ...sent } = item
  return {
    ...sent,
    ...amendment,
    body: amendment.body ?? (amendment.deletedAt === undefined ? sent.body : ''),
  }
}
