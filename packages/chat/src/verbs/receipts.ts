import Type from 'typebox'
import type { ChatContext } from '../context.ts'
import { demandReader } from '../conversation/access.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { topOf } from '../conversation/log.ts'
import { offsetIn } from '../conversation/receipts.ts'
import { ChatError } from '../errors.ts'
import { verb } from '../rpc/verb.ts'
import { ConversationId, Offset, object } from '../schema.ts'
import { smallRoom } from '../tasks/notify.ts'

export const RECEIPTS = verb({
  method: 'chat.receipts',
  summary: 'Read and delivered cursors of everybody in a direct conversation or a small room.',
  request: object({ conversation: ConversationId }),
  reply: object({
    users: Type.Array(object({ user: Type.String(), read: Offset, delivered: Offset })),
  }),
  handle: async (chat, { user }, { conversation: id }) => {
    const { conversation } = await demandReader(chat, user, id)
    const users = await audience(chat, conversation)
    const top = await topOf(chat, id)
    const cursors = await Promise.all(users.map(async (who) => (await chat.storage.cursors.of(who, [id]))[0]))
    return {
      users: users.map((who, at) => ({
        user: who,
        read: offsetIn(top, cursors[at]?.read),
        delivered: offsetIn(top, cursors[at]?.delivered),
      })),
    }
  },
})

async function audience(chat: ChatContext, conversation: Conversation): Promise<string[]> {
  if (conversation.kind === 'broadcast') throw new ChatError('not_allowed')
  if (conversation.kind === 'private') return [...new Set(conversation.users)]
  return (await smallRoom(chat, conversation.room)).map((member) => member.user)
}
