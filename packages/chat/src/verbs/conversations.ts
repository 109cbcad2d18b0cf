import Type from 'typebox'
import type { ChatContext } from '../context.ts'
import { directChannel, EVERYONE, roomChannel } from '../conversation/conversation.ts'
import { viewConversation } from '../conversation/view.ts'
import { ChatError } from '../errors.ts'
import { verb } from '../rpc/verb.ts'
import { ConversationSchema, CursorText, limit, object } from '../schema.ts'

export const CONVERSATIONS = verb({
  method: 'chat.conversations',
  summary: "The user's conversations: pinned ones first, then by latest message.",
  request: object({ limit: limit(50), cursor: CursorText }),
  reply: object({ conversations: Type.Array(ConversationSchema), cursor: Type.Optional(Type.String()) }),
  handle: async (chat, { user }, { limit: most = 20, cursor }) => {
    if (cursor !== undefined && !RANK.test(cursor))
      throw new ChatError('bad_request', '/cursor is not from this list: use the cursor of the previous page')
    const listed = await list(chat, user)
    const from = cursor === undefined ? listed : listed.filter((entry) => rank(entry) > cursor)
    const page = from.slice(0, most)
    const conversations = await Promise.all(page.map(({ id }) => viewConversation(chat, user, id)))
    const last = page.at(-1)
    return { conversations, ...(last && from.length > most && { cursor: rank(last) }) }
  },
})

interface Listed {
  readonly id: string
  readonly at: number
  readonly pinned: boolean
}

async function list(chat: ChatContext, user: string): Promise<Listed[]> {
  const { conversations } = chat.storage
  const { rooms, directs } = await conversations.of(user)
  const own = [...rooms.map(roomChannel), ...directs.map((other) => directChannel(user, other))]
  const ids = [...own, EVERYONE]
  const [touched, flags] = await Promise.all([conversations.touched(ids), conversations.flags(user, ids)])
  return ids
    .map((id, at) => ({ id, at: touched[at] ?? 0, pinned: flags[at]?.pinned === true }))
    .filter(({ id, at }) => id !== EVERYONE || at > 0)
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

/** The beginning of every {@link rank}. */
const RANK = /^[01]\d{16}/

/**
 * Text that sorts as the list does. A conversation that moves up during paging is announced by its own event.
 */
function rank({ pinned, at, id }: Listed): string {
  return `${pinned ? 0 : 1}${String(Number.MAX_SAFE_INTEGER - at).padStart(16, '0')}${id}`
}
