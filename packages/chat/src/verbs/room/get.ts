import Type from 'typebox'
import { demandRoom } from '../../conversation/access.ts'
import { viewRoom } from '../../conversation/view.ts'
import { ChatError } from '../../errors.ts'
import { verb } from '../../rpc/verb.ts'
import { object, RoleSchema, RoomId, RoomSchema } from '../../schema.ts'

export const ROOM_GET = verb({
  method: 'chat.room.get',
  summary: 'A room; members-only rooms are visible to members.',
  request: object({ room: RoomId }),
  reply: Type.Object({ ...RoomSchema.properties, role: Type.Optional(RoleSchema) }),
  handle: async (chat, { user }, { room }) => {
    const { role, room: record } = await demandRoom(chat, room, user)
    if (role === undefined && record.visibility !== 'public') throw new ChatError('not_member')
    return { ...viewRoom(record), ...(role && { role }) }
  },
})
