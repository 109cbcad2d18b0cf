import Type from 'typebox'
import { verb } from '../../rpc/verb.ts'
import { Empty, object, RoomId, UserId } from '../../schema.ts'
import { changeMembership } from './changes.ts'
import { demandPower } from './moderating.ts'

export const ROOM_BAN = verb({
  method: 'chat.room.ban',
  summary: 'Removes a member and rejects their return; for moderators.',
  request: object({
    room: RoomId,
    user: UserId,
    seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 31_536_000 })),
  }),
  reply: Empty,
  handle: async (chat, caller, { room, user, seconds }) => {
    const { role } = await demandPower(chat, caller, room, user)
    const at = chat.clock.now()
    const until = seconds === undefined ? {} : { until: at + seconds * 1000 }
    const ban = { user, by: caller.user, at, ...until }
    if (role === undefined) {
      await chat.storage.rooms.ban(room, ban)
      return {}
    }
    const about = { room, user, by: caller.user, change: 'banned', ...until } as const
    // The ban goes first, so the user cannot join in between.
    await changeMembership(chat, about, async () => {
      await chat.storage.rooms.ban(room, ban)
      await chat.storage.rooms.leave(room, user)
    })
    return {}
  },
})
