import { demandReader } from '../conversation/access.ts'
import { viewConversation } from '../conversation/view.ts'
import { verb } from '../rpc/verb.ts'
import { ConversationId, ConversationSchema, object } from '../schema.ts'

export const CONVERSATION = verb({
  method: 'chat.conversation',
  summary: 'One conversation as the list shows it.',
  request: object({ conversation: ConversationId }),
  reply: ConversationSchema,
  handle: async (chat, { user }, { conversation }) => {
    await demandReader(chat, user, conversation)
    return viewConversation(chat, user, conversation)
  },
})
