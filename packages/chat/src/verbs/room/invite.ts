import Type from 'typebox'
import { demandMember, demandRole } from '../../conversation/access.ts'
import { inbox } from '../../conversation/conversation.ts'
import { ChatError } from '../../errors.ts'
import { publish } from '../../events/publish.ts'
import { secretId } from '../../ids.ts'
import { takeSend } from '../../rpc/reservation.ts'
import { verb } from '../../rpc/verb.ts'
import { object, RoomId, Time, UserId } from '../../schema.ts'
import { demandUserId } from '../../text/names.ts'

const DEFAULT_EXPIRY_SECONDS = 604_800
/** Time for which an expired invitation is still recognised. */
const ENDED_INVITE_TTL_SECONDS = 86_400

/** Redeemers are recorded one by one, which bounds the record. */
const MAX_USES = 1000

export const ROOM_INVITE = verb({
  method: 'chat.room.invite',
  summary: 'Creates an invitation; for moderators, in public rooms for members.',
  request: object({
    room: RoomId,
    user: Type.Optional(UserId),
    uses: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_USES,
        description: 'Number of users; 1 for an invitation of one user.',
      }),
    ),
    expiresIn: Type.Optional(Type.Integer({ minimum: 1, maximum: 31_536_000, description: 'Seconds.' })),
  }),
  reply: object({ token: Type.String(), room: Type.String(), uses: Type.Integer(), expiresAt: Time }),
  handle: async (chat, { user: by }, { room, user, uses = 1, expiresIn = DEFAULT_EXPIRY_SECONDS }) => {
    const { room: record } = await demandMember(chat, room, by)
    if (record.visibility !== 'public') await demandRole(chat, room, by, 'moderator')
    if (record.archivedAt !== undefined) throw new ChatError('archived')
    if (user !== undefined) demandUserId(user)
    if (user !== undefined && uses > 1)
      throw new ChatError('bad_request', '/uses must be 1 for an invitation of one user')
    await takeSend(chat, by)
    const token = secretId()
    const expiresAt = chat.clock.now() + expiresIn * 1000
    const invite = { token, room, by, uses, expiresAt, ...(user !== undefined && { user }) }
    await chat.storage.rooms.invite(invite, expiresIn + ENDED_INVITE_TTL_SECONDS)
    if (user !== undefined) {
      await publish(chat, inbox(user), { event: 'invited', room, name: record.name, token, by, expiresAt })
    }
    return { token, room, uses, expiresAt }
  },
})
