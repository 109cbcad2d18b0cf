import { ChatError } from '../../errors.ts'
import { verb } from '../../rpc/verb.ts'
import { InviteToken, object, RoomSchema } from '../../schema.ts'
import { joinRoom } from './joining.ts'

const REFUSED = {
  used: 'invite_used',
  expired: 'invite_expired',
  not_yours: 'invite_not_yours',
} as const

export const ROOM_ACCEPT = verb({
  method: 'chat.room.accept',
  summary: 'Joins a room by invitation.',
  request: object({ token: InviteToken }),
  reply: RoomSchema,
  handle: async (chat, { user }, { token }) => {
    const invite = await chat.storage.rooms.redeem(token, user, chat.clock.now())
    if (typeof invite === 'string') throw new ChatError(REFUSED[invite])
    return joinRoom(chat, invite.room, user, invite.by)
  },
})
