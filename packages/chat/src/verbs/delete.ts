import Type from 'typebox'
import type { Caller, ChatContext } from '../context.ts'
import { demandReader, demandWriter } from '../conversation/access.ts'
import { messageAt } from '../conversation/log.ts'
import { ChatError } from '../errors.ts'
import { verb } from '../rpc/verb.ts'
import { AmendmentSchema, ClientId, ConversationId, object, type Target, TargetSchema } from '../schema.ts'
import { amending } from './amending.ts'

export const DELETE = verb({
  method: 'chat.delete',
  summary:
    "Hides a message for the caller, or deletes it for all: one's own, in rooms any message as moderator.",
  request: object({
    conversation: ConversationId,
    target: TargetSchema,
    for: Type.Union([Type.Literal('me'), Type.Literal('all')]),
    clientId: ClientId,
  }),
  reply: AmendmentSchema,
  handle: (chat, caller, request) =>
    request.for === 'me'
      ? amending(chat, caller, request, { kind: 'hide' }, async () => {
          await demandReader(chat, caller.user, request.conversation)
          await messageAt(chat, request.conversation, request.target)
        })
      : amending(chat, caller, request, { kind: 'delete' }, () =>
          demandDeleter(chat, caller, request.conversation, request.target),
        ),
})

async function demandDeleter(
  chat: ChatContext,
  { user }: Caller,
  conversation: string,
  target: Target,
): Promise<void> {
  const { standing } = await demandWriter(chat, user, conversation)
  const { from, type } = await messageAt(chat, conversation, target)
  const moderates = standing !== undefined && standing.role !== 'member' && type !== 'system'
  if (from !== user && !moderates) throw new ChatError('not_yours')
}
