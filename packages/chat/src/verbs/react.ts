import Type from 'typebox'
import { demandWriter } from '../conversation/access.ts'
import { messageAt } from '../conversation/log.ts'
import { verb } from '../rpc/verb.ts'
import { AmendmentSchema, ClientId, ConversationId, object, TargetSchema } from '../schema.ts'
import { cleanEmoji } from '../text/body.ts'
import { amending } from './amending.ts'

export const REACT = verb({
  method: 'chat.react',
  summary: 'Adds or removes a reaction.',
  request: object({
    conversation: ConversationId,
    target: TargetSchema,
    emoji: Type.String({ maxLength: 32 }),
    on: Type.Boolean(),
    clientId: ClientId,
  }),
  reply: AmendmentSchema,
  handle: async (chat, caller, request) => {
    const { conversation, target, on } = request
    const emoji = cleanEmoji(request.emoji)
    return amending(chat, caller, request, { kind: 'react', emoji, on }, async () => {
      if (conversation === 'chat:@everyone') return messageThere()
      await demandWriter(chat, caller.user, conversation)
      return messageThere()
    })

    async function messageThere(): Promise<void> {
      await messageAt(chat, conversation, target)
    }
  },
})
