import { demandRole } from '../../access.ts'
import { Empty, object, RoomId, UserId } from '../../schema.ts'
import { verb } from '../../verb.ts'

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
