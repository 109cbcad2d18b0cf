import Type from 'typebox'
import { demandReader } from '../conversation/access.ts'
import { readItems } from '../conversation/items.ts'
import { verb } from '../rpc/verb.ts'
import { ConversationId, ItemSchema, limit, Offset, object, PositionSchema } from '../schema.ts'

export const HISTORY = verb({
  method: 'chat.history',
  summary: 'A page of a conversation as it reads now, oldest first; without `before` and `after` the newest.',
  request: object({
    conversation: ConversationId,
    before: Type.Optional(Offset),
    after: Type.Optional(Offset),
    limit: limit(100),
  }),
  reply: object({
    items: Type.Array(ItemSchema),
    top: PositionSchema,
    next: Type.Optional(
      Type.Integer({ description: 'The next `before` or `after`; absent on the last page.' }),
    ),
  }),
  handle: async (chat, { user }, request) => {
    const { conversation, before, after, limit: most = 50 } = request
    await demandReader(chat, user, conversation)
    const { items, top, next } = await readItems(chat, user, conversation, { before, after, limit: most })
    const ascending = after === undefined ? items.toReversed() : [...items]
    return { items: ascending, top, ...(next !== undefined && { next }) }
  },
})
