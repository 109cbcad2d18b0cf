import Type from 'typebox'
import { demandWriter } from '../conversation/access.ts'
import { messageAt } from '../conversation/log.ts'
import { ChatError } from '../errors.ts'
import { verb } from '../rpc/verb.ts'
import { AmendmentSchema, ClientId, ConversationId, object, TargetSchema } from '../schema.ts'
import { cleanBody, mentionsOf } from '../text/body.ts'
import { amending } from './amending.ts'

/** Throws as `chat.send`, and `unknown_message`, `not_yours`, `deleted`. */
export const EDIT = verb({
  method: 'chat.edit',
  summary: "Replaces the body of one's own message.",
  request: object({
    conversation: ConversationId,
    target: TargetSchema,
    body: Type.String(),
    clientId: ClientId,
    mentions: Type.Optional(Type.Array(Type.String(), { maxItems: 1000 })),
  }),
  reply: AmendmentSchema,
  handle: async (chat, caller, request) => {
    const body = cleanBody(request.body, chat.limits)
    const mentions = mentionsOf(body, request.mentions ?? [], chat.limits)
    return amending(chat, caller, request, { kind: 'edit', body, mentions }, async () => {
      await demandWriter(chat, caller.user, request.conversation)
      const message = await messageAt(chat, request.conversation, request.target)
      if (message.from !== caller.user) throw new ChatError('not_yours')
    })
  },
})
