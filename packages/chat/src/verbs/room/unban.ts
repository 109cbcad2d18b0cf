import { demandRole } from '../../conversation/access.ts'
import { verb } from '../../rpc/verb.ts'
import { Empty, object, RoomId, UserId } from '../../schema.ts'

export const ROOM_UNBAN = verb({
  method: 'chat.room.unban',
  summary: 'Ends a ban; for moderators.',
  request: object({ room: RoomId, user: UserId }),
  reply: Empty,
  handle: async (chat, caller, { room, user }) => {
    await demandRole(chat, room, caller.user, 'moderator')
    await chat.storage.rooms.unban(room, user)
    return {}
  },
})
