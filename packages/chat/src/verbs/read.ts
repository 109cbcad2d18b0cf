import Type from 'typebox'
import { countUnread } from '../conversation/items.ts'
import { announce, placeOf } from '../conversation/receipts.ts'
import { verb } from '../rpc/verb.ts'
import { ConversationId, Offset, object } from '../schema.ts'

export const READ = verb({
  method: 'chat.read',
  summary: 'Moves the read cursor of the user forward.',
  request: object({ conversation: ConversationId, offset: Offset, id: Type.Optional(Type.String()) }),
  reply: object({ offset: Offset, unread: Type.Integer() }),
  handle: async (chat, { user, device }, request) => {
    const { conversation } = request
    const place = await placeOf(chat, user, request)
    const { advanced, cursor } = await chat.storage.cursors.read(user, conversation, place.cursor)
    // A read message counts as delivered.
    await chat.storage.cursors.deliver(user, device, conversation, place.cursor)
    if (advanced) await announce(chat, place.access, 'read', user, cursor.offset)
    const { unread } = await countUnread(chat, user, conversation, cursor)
    return { offset: cursor.offset, unread }
  },
})
