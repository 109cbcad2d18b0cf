import { verb } from '../../rpc/verb.ts'
import { Empty, object, RoomId, UserId } from '../../schema.ts'
import { changeMembership } from './changes.ts'
import { demandMembership, demandPower } from './moderating.ts'

export const ROOM_KICK = verb({
  method: 'chat.room.kick',
  summary: 'Removes a member, who may join again; for moderators.',
  request: object({ room: RoomId, user: UserId }),
  reply: Empty,
  handle: async (chat, caller, { room, user }) => {
    demandMembership(await demandPower(chat, caller, room, user))
    await changeMembership(chat, { room, user, by: caller.user, change: 'kicked' }, async () => {
      await chat.storage.rooms.leave(room, user)
    })
    return {}
  },
})
