import { demandRole } from '../../conversation/access.ts'
import { ChatError } from '../../errors.ts'
import { verb } from '../../rpc/verb.ts'
import { Empty, object, RoleSchema, RoomId, UserId } from '../../schema.ts'
import { changeRoom } from './changes.ts'

export const ROOM_ROLE = verb({
  method: 'chat.room.role',
  summary: 'Makes a member owner, moderator or member; for owners.',
  request: object({ room: RoomId, user: UserId, role: RoleSchema }),
  reply: Empty,
  handle: async (chat, caller, { room, user, role }) => {
    await demandRole(chat, room, caller.user, 'owner')
    await changeRoom(chat, room, { kind: 'role', user, by: caller.user, role }, async () => {
      const outcome = await chat.storage.rooms.setRole(room, user, role)
      if (outcome === 'absent') throw new ChatError('not_member', 'the user is not a member of this room')
      if (outcome === 'last_owner') throw new ChatError('last_owner')
    })
    return {}
  },
})
