import Type from 'typebox'
import { announce, placeOf } from '../conversation/receipts.ts'
import { verb } from '../rpc/verb.ts'
import { ConversationId, Offset, object } from '../schema.ts'

export const DELIVERED = verb({
  method: 'chat.delivered',
  summary: 'Moves the delivered cursor of this device forward.',
  request: object({ conversation: ConversationId, offset: Offset, id: Type.Optional(Type.String()) }),
  reply: object({ offset: Offset }),
  handle: async (chat, { user, device }, request) => {
    const { conversation } = request
    const { access, cursor: place } = await placeOf(chat, user, request)
    const { advanced, cursor } = await chat.storage.cursors.deliver(user, device, conversation, place)
    if (advanced) await announce(chat, access, 'delivered', user, cursor.offset)
    return { offset: cursor.offset }
  },
})
