import type { StreamPosition } from '@skein/protocol'
import Type, { type Static } from 'typebox'
import type { Caller, ChatContext } from '../context.ts'
import { demandWriter } from '../conversation/access.ts'
import {
  type Conversation,
  directChannel,
  EVERYONE,
  otherSide,
  roomChannel,
} from '../conversation/conversation.ts'
import { messageAt } from '../conversation/log.ts'
import { type Reservation, reserve, takeSend } from '../rpc/reservation.ts'
import { verb } from '../rpc/verb.ts'
import {
  ClientId,
  ConversationId,
  type Message,
  Offset,
  object,
  RoomId,
  TargetSchema,
  Time,
  UserId,
} from '../schema.ts'
import { durably } from '../tasks/durably.ts'
import { performSend } from '../tasks/send.ts'
import { cleanBody, mentionsOf } from '../text/body.ts'
import { demandUserId } from '../text/names.ts'

const To = Type.Union([
  object({ user: UserId }),
  object({ room: RoomId }),
  object({ everyone: Type.Literal(true) }),
])

export const SendRequest = object({
  to: To,
  clientId: ClientId,
  body: Type.String(),
  replyTo: Type.Optional(TargetSchema),
  mentions: Type.Optional(Type.Array(Type.String(), { maxItems: 1000 })),
  expiresIn: Type.Optional(Type.Integer({ minimum: 1, maximum: 31_536_000, description: 'Seconds.' })),
  ephemeral: Type.Optional(Type.Boolean()),
})

export type SendRequest = Static<typeof SendRequest>

export const SendReply = object({
  conversation: ConversationId,
  id: Type.String(),
  timestamp: Time,
  offset: Offset,
  epoch: Type.String(),
  duplicate: Type.Boolean({
    description: 'True when this call repeats an earlier one, whose reply this is.',
  }),
})

export type SendReply = Static<typeof SendReply>

export const SEND = verb({
  method: 'chat.send',
  summary: 'Sends a message to a person, a room or everybody.',
  request: SendRequest,
  reply: SendReply,
  handle: send,
})

/**
 * Throws `empty`, `too_long`, `bad_body`, `mention_limit`, `bad_name`, `unknown_room`, `not_member`,
 * `banned`, `muted`, `archived`, `not_allowed`, `unknown_message` (replyTo), `rate_limited`.
 */
export async function send(chat: ChatContext, caller: Caller, request: SendRequest): Promise<SendReply> {
  const body = cleanBody(request.body, chat.limits)
  const mentions = mentionsOf(body, request.mentions ?? [], chat.limits)
  const reservation = await reserve(chat, 'send', caller, request.clientId)
  if (reservation.result !== undefined) return replyOf(reservation, true)
  await takeSend(chat, caller.user)
  const id = nameOf(request.to, caller.user)
  const { conversation } = await demandWriter(chat, caller.user, id)
  if (request.replyTo !== undefined) await messageAt(chat, id, request.replyTo)
  const message = envelope(chat, caller, request, conversation, reservation, body, mentions)
  const task = { kind: 'send', conversation: id, message, key: reservation.key } as const
  const position = await durably(chat, task, () => performSend(chat, task))
  return replyOf(
    { ...reservation, result: JSON.stringify({ conversation: id, ...position }) },
    reservation.known,
  )
}

function nameOf(to: SendRequest['to'], sender: string): string {
  if ('room' in to) return roomChannel(to.room)
  if ('everyone' in to) return EVERYONE
  demandUserId(to.user)
  return directChannel(sender, to.user)
}

function envelope(
  chat: ChatContext,
  { user }: Caller,
  { clientId, replyTo, expiresIn, ephemeral }: SendRequest,
  conversation: Conversation,
  { id, at }: Reservation,
  body: string,
  mentions: readonly string[],
): Message {
  const ttl = expiresIn ?? (ephemeral === true ? chat.limits.ephemeralTtl : undefined)
  return {
    id,
    timestamp: at,
    type: ephemeral === true ? 'ephemeral' : conversation.kind,
    from: user,
    to: addressee(conversation, user),
    body,
    clientId,
    ...(replyTo && { replyTo }),
    ...(ttl !== undefined && { expiresAt: at + ttl * 1000 }),
    ...(mentions.length > 0 && { mentions: [...mentions] }),
  }
}

function addressee(conversation: Conversation, sender: string): string {
  switch (conversation.kind) {
    case 'private':
      return otherSide(conversation.users, sender)
    case 'room':
      return conversation.room
    case 'broadcast':
      return '*'
    default:
      return conversation satisfies never
  }
}

function replyOf({ id, at, result = '{}' }: Reservation, duplicate: boolean): SendReply {
  const settled = JSON.parse(result) as StreamPosition & { readonly conversation: string }
  return { ...settled, id, timestamp: at, duplicate }
}
