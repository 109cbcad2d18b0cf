import { demandRoom, isBanned } from '../../conversation/access.ts'
import { ChatError } from '../../errors.ts'
import { verb } from '../../rpc/verb.ts'
import { object, RoomId, RoomSchema } from '../../schema.ts'
import { joinRoom } from './joining.ts'

export const ROOM_JOIN = verb({
  method: 'chat.room.join',
  summary: 'Joins a public room.',
  request: object({ room: RoomId }),
  reply: RoomSchema,
  handle: async (chat, { user }, { room }) => {
    const standing = await demandRoom(chat, room, user)
    if (isBanned(standing, chat.clock.now())) throw new ChatError('banned')
    if (standing.role === undefined && standing.room.visibility !== 'public')
      throw new ChatError('not_member')
    return joinRoom(chat, room, user, user)
  },
})
