/** The conversation that a correct client builds from pages and events: the reference for devices. */
import type { ChatEvent } from '../events/chat-event.ts'
import type { Item } from '../schema.ts'
import type { Heard } from './person.ts'

/** Items of one conversation in order, built from its events since the beginning. */
export function conversationOf(heard: readonly Heard[], conversation: string, user: string): Item[] {
  const items = new Map<string, Item>()
  const hidden = new Set<string>()
  for (const { offset, event } of heard) apply(items, hidden, conversation, offset, event)
  return [...items.values()]
    .filter(({ id }) => !hidden.has(id) && user !== '')
    .sort((a, b) => a.offset - b.offset)
}

function apply(
  items: Map<string, Item>,
  hidden: Set<string>,
  conversation: string,
  published: number,
  event: ChatEvent,
): void {
  if (!('conversation' in event) || event.conversation !== conversation) return
  if (event.event === 'message') {
    const offset = event.offset ?? published
    const known = items.get(event.message.id)
    if (known !== undefined) throw new Error(`${event.message.id} came twice`)
    items.set(event.message.id, { ...event.message, version: 0, offset })
  } else if (event.event === 'amended') {
    const item = items.get(event.target.id)
    if (item === undefined) throw new Error(`an amendment of ${event.target.id} came before it`)
    if (event.amendment.version > item.version) items.set(item.id, amended(item, event.amendment))
  } else if (event.event === 'hidden') {
    hidden.add(event.target.id)
  }
}

function amended(item: Item, amendment: Extract<ChatEvent, { event: 'amended' }>['amendment']): Item {
  const { reactions: _, ...rest } = item
  return { ...rest, ...amendment }
}
