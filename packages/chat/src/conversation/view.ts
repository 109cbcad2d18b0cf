/** A conversation as its list shows it to one user. */
import type { StreamPosition } from '@skein/protocol'
import type { ChatContext } from '../context.ts'
import type { CountedRoom, UserCursors } from '../ports.ts'
import type { ConversationView, Room } from '../schema.ts'
import { type Conversation, conversationOf, otherSide } from './conversation.ts'
import { countUnread, readItems } from './items.ts'
import { offsetIn } from './receipts.ts'

export async function viewConversation(
  chat: ChatContext,
  user: string,
  id: string,
): Promise<ConversationView> {
  const conversation = conversationOf(id)
  const [latest, cursors, [flags], about] = await Promise.all([
    readItems(chat, user, id, { limit: 1 }),
    chat.storage.cursors.of(user, [id]),
    chat.storage.conversations.flags(user, [id]),
    aboutConversation(chat, user, conversation),
  ])
  const { top, items } = latest
  const [last] = items
  const read = cursors[0]?.read
  // Counts end at `top`; the client adds later messages itself.
  const counts = await countUnread(chat, user, id, read, top.offset)
  return {
    id,
    type: conversation.kind,
    top,
    read: offsetIn(top, read),
    ...counts,
    muted: flags?.muted ?? false,
    pinned: flags?.pinned ?? false,
    ...(last && { last }),
    ...about(top),
  }
}

type About = Pick<ConversationView, 'with' | 'peer' | 'room' | 'role'>

async function aboutConversation(
  chat: ChatContext,
  user: string,
  conversation: Conversation,
): Promise<(top: StreamPosition) => About> {
  switch (conversation.kind) {
    case 'private': {
      const other = otherSide(conversation.users, user)
      const [cursors] = await chat.storage.cursors.of(other, [conversation.id])
      return (top) => ({ with: other, peer: peerOf(top, cursors) })
    }
    case 'room': {
      const standing = await chat.storage.rooms.standing(conversation.room, user)
      if (standing === undefined) return () => ({})
      const about = { room: viewRoom(standing.room), ...(standing.role && { role: standing.role }) }
      return () => about
    }
    case 'broadcast':
      return () => ({})
    default:
      return conversation satisfies never
  }
}

function peerOf(top: StreamPosition, cursors: UserCursors | undefined): { read: number; delivered: number } {
  return { read: offsetIn(top, cursors?.read), delivered: offsetIn(top, cursors?.delivered) }
}

export function viewRoom({ nameKey: _, ...room }: CountedRoom): Room {
  return room
}
