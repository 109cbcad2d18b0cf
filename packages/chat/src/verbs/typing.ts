import Type from 'typebox'
import { demandWriter } from '../conversation/access.ts'
import { inbox, otherSide } from '../conversation/conversation.ts'
import { publishPassing } from '../events/publish.ts'
import { verb } from '../rpc/verb.ts'
import { ConversationId, Empty, object } from '../schema.ts'

export const TYPING = verb({
  method: 'chat.typing',
  summary: 'Shows a typing indicator to the others for 6 s; repeat the call while typing continues.',
  request: object({ conversation: ConversationId, active: Type.Boolean() }),
  reply: Empty,
  handle: async (chat, { user }, { conversation: id, active }) => {
    const { conversation } = await demandWriter(chat, user, id)
    const to = conversation.kind === 'private' ? inbox(otherSide(conversation.users, user)) : id
    const expiresAt = active ? chat.clock.now() + chat.limits.typingTtl : chat.clock.now()
    await publishPassing(chat, to, { event: 'typing', conversation: id, user, active, expiresAt })
    return {}
  },
})
