import Type from 'typebox'
import { demandReader } from '../conversation/access.ts'
import { itemsFor } from '../conversation/amendments.ts'
import { readAt } from '../conversation/log.ts'
import { verb } from '../rpc/verb.ts'
import { ConversationId, ItemSchema, object, TargetSchema } from '../schema.ts'

/** Each target is one read of the log. */
const MAX_TARGETS = 50

export const MESSAGES = verb({
  method: 'chat.messages',
  summary: 'Messages by id and offset as they read now, for quotes; without those that are no longer kept.',
  request: object({
    conversation: ConversationId,
    targets: Type.Array(TargetSchema, { minItems: 1, maxItems: MAX_TARGETS }),
  }),
  reply: object({ items: Type.Array(ItemSchema) }),
  handle: async (chat, { user }, { conversation, targets }) => {
    await demandReader(chat, user, conversation)
    const ids = new Map(targets.map(({ id, offset }) => [offset, id]))
    const found = await Promise.all(
      [...ids].map(async ([offset, id]) => {
        const { entry } = await readAt(chat, conversation, offset)
        if (entry?.event.event !== 'message' || entry.event.message.id !== id) return []
        return [{ offset, message: entry.event.message }]
      }),
    )
    return { items: await itemsFor(chat, conversation, user, found.flat()) }
  },
})
