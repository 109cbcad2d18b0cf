/** Server replies with default members. */
import type { MessageEvent } from '../wire/events.ts'
import type { ConversationView, Item, Message, Room } from '../wire/shapes.ts'

export const view = (of: Partial<ConversationView> & { readonly id: string }): ConversationView => ({
  type: of.id.startsWith('dm:') ? 'private' : 'room',
  top: { offset: 0, epoch: 'e' },
  read: 0,
  unread: 0,
  mentions: 0,
  muted: false,
  pinned: false,
  ...of,
})

export const room = (of: Partial<Room> = {}): Room => ({
  id: 'r',
  name: 'Room',
  visibility: 'public',
  createdBy: 'ada',
  createdAt: 1,
  members: 2,
  ...of,
})

export const message = (of: Partial<Message> = {}): Message => ({
  id: `id-${of.body ?? ''}`,
  timestamp: 1000,
  type: 'private',
  from: 'bob',
  to: 'ada',
  body: 'text',
  clientId: `client-${of.body ?? ''}`,
  ...of,
})

export const item = (offset: number, of: Partial<Item> = {}): Item => ({
  ...message({ body: `m${offset}`, ...of }),
  offset,
  version: 0,
  ...of,
})

export const said = (conversation: string, offset: number, of: Partial<Message> = {}): MessageEvent => ({
  event: 'message',
  conversation,
  message: message({ body: `m${offset}`, timestamp: 1000 + offset, ...of }),
  offset,
})
