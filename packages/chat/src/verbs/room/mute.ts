import Type from 'typebox'
import { verb } from '../../rpc/verb.ts'
import { Empty, object, RoomId, UserId } from '../../schema.ts'
import { changeRoom } from './changes.ts'
import { demandMembership, demandPower } from './moderating.ts'

export const ROOM_MUTE = verb({
  method: 'chat.room.mute',
  summary: 'Mutes a member for a time; 0 seconds ends the mute; for moderators.',
  request: object({ room: RoomId, user: UserId, seconds: Type.Integer({ minimum: 0, maximum: 31_536_000 }) }),
  reply: Empty,
  handle: async (chat, caller, { room, user, seconds }) => {
    demandMembership(await demandPower(chat, caller, room, user))
    const until = seconds === 0 ? 0 : chat.clock.now() + seconds * 1000
    await changeRoom(chat, room, { kind: 'muted', user, by: caller.user, until }, () =>
      chat.storage.rooms.mute(room, user, until),
    )
    return {}
  },
})
