import Type from 'typebox'
import { demandRole } from '../../conversation/access.ts'
import { verb } from '../../rpc/verb.ts'
import { object, RoomId, RoomSchema } from '../../schema.ts'
import { changeRoom, roomOf } from './changes.ts'

export const ROOM_ARCHIVE = verb({
  method: 'chat.room.archive',
  summary: 'Makes a room read-only, or restores it; for owners.',
  request: object({ room: RoomId, archived: Type.Boolean() }),
  reply: RoomSchema,
  handle: async (chat, { user }, { room, archived }) => {
    const { room: record } = await demandRole(chat, room, user, 'owner')
    if ((record.archivedAt !== undefined) === archived) return roomOf(chat, room)
    await changeRoom(chat, room, { kind: archived ? 'archived' : 'restored', by: user }, () =>
      chat.storage.rooms.update(room, { archivedAt: archived ? chat.clock.now() : null }),
    )
    return roomOf(chat, room)
  },
})
