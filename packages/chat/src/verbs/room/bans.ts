import Type from 'typebox'
import { demandRole } from '../../conversation/access.ts'
import { verb } from '../../rpc/verb.ts'
import { CursorText, limit, object, RoomId, Time } from '../../schema.ts'

export const ROOM_BANS = verb({
  method: 'chat.room.bans',
  summary: 'The bans of a room; for moderators.',
  request: object({ room: RoomId, limit: limit(100), cursor: CursorText }),
  reply: object({
    bans: Type.Array(
      object({ user: Type.String(), by: Type.String(), at: Time, until: Type.Optional(Time) }),
    ),
    cursor: Type.Optional(Type.String()),
  }),
  handle: async (chat, { user }, { room, limit: most = 50, cursor }) => {
    await demandRole(chat, room, user, 'moderator')
    const now = chat.clock.now()
    const page = await chat.storage.rooms.bans(room, { limit: most, cursor })
    const bans = page.items.filter(({ until }) => until === undefined || until > now)
    return {
      bans: bans.map((ban) => ({ ...ban })),
      ...(page.cursor !== undefined && { cursor: page.cursor }),
    }
  },
})
