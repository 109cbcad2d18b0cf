import { demandRole } from '../../conversation/access.ts'
import { verb } from '../../rpc/verb.ts'
import { object, RoomId, RoomSchema, VisibilitySchema } from '../../schema.ts'
import { roomOf } from './changes.ts'

export const ROOM_VISIBILITY = verb({
  method: 'chat.room.visibility',
  summary: 'Opens a room to everybody, or closes it; for owners.',
  request: object({ room: RoomId, visibility: VisibilitySchema }),
  reply: RoomSchema,
  handle: async (chat, { user }, { room, visibility }) => {
    await demandRole(chat, room, user, 'owner')
    await chat.storage.rooms.update(room, { visibility })
    return roomOf(chat, room)
  },
})
