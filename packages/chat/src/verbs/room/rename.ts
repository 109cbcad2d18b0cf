import Type from 'typebox'
import { demandRole } from '../../conversation/access.ts'
import { ChatError } from '../../errors.ts'
import { verb } from '../../rpc/verb.ts'
import { object, RoomId, RoomSchema } from '../../schema.ts'
import { cleanName, nameKey } from '../../text/names.ts'
import { changeRoom, roomOf } from './changes.ts'

export const ROOM_RENAME = verb({
  method: 'chat.room.rename',
  summary: 'Renames a room; for moderators.',
  request: object({ room: RoomId, name: Type.String() }),
  reply: RoomSchema,
  handle: async (chat, { user }, request) => {
    const { room } = request
    const name = cleanName(request.name)
    await demandRole(chat, room, user, 'moderator')
    await changeRoom(chat, room, { kind: 'renamed', by: user, name }, async () => {
      if (!(await chat.storage.rooms.rename(room, name, nameKey(name)))) throw new ChatError('name_taken')
    })
    return roomOf(chat, room)
  },
})
