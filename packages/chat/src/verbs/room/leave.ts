import { demandMember } from '../../conversation/access.ts'
import { ChatError } from '../../errors.ts'
import { verb } from '../../rpc/verb.ts'
import { Empty, object, RoomId } from '../../schema.ts'
import { changeMembership } from './changes.ts'

export const ROOM_LEAVE = verb({
  method: 'chat.room.leave',
  summary: 'Leaves a room. The last owner must name another owner first.',
  request: object({ room: RoomId }),
  reply: Empty,
  handle: async (chat, { user }, { room }) => {
    await demandMember(chat, room, user)
    await changeMembership(chat, { room, user, by: user, change: 'left' }, async () => {
      if ((await chat.storage.rooms.leave(room, user)) === 'last_owner') throw new ChatError('last_owner')
    })
    return {}
  },
})
