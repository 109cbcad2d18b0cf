import Type from 'typebox'
import { demandReader } from '../conversation/access.ts'
import { inbox } from '../conversation/conversation.ts'
import { publish } from '../events/publish.ts'
import { verb } from '../rpc/verb.ts'
import { ConversationId, object } from '../schema.ts'

export const CONVERSATION_SET = verb({
  method: 'chat.conversation.set',
  summary: 'Mutes or pins a conversation for the user, on all devices.',
  request: object({
    conversation: ConversationId,
    muted: Type.Optional(Type.Boolean()),
    pinned: Type.Optional(Type.Boolean()),
  }),
  reply: object({ muted: Type.Boolean(), pinned: Type.Boolean() }),
  handle: async (chat, { user }, { conversation, muted, pinned }) => {
    await demandReader(chat, user, conversation)
    const flags = await chat.storage.conversations.setFlags(user, conversation, {
      ...(muted !== undefined && { muted }),
      ...(pinned !== undefined && { pinned }),
    })
    const event = {
      event: 'conversation',
      conversation,
      op: chat.newId(),
      change: 'updated',
      ...flags,
    } as const
    await publish(chat, inbox(user), event)
    return { ...flags }
  },
})
