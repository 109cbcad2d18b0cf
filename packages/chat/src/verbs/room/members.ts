import Type from 'typebox'
import { demandMember } from '../../conversation/access.ts'
import { verb } from '../../rpc/verb.ts'
import { CursorText, limit, object, RoleSchema, RoomId, Time } from '../../schema.ts'

export const ROOM_MEMBERS = verb({
  method: 'chat.room.members',
  summary: 'The members of a room, by user id; for members.',
  request: object({ room: RoomId, limit: limit(100), cursor: CursorText }),
  reply: object({
    members: Type.Array(
      object({ user: Type.String(), role: RoleSchema, joinedAt: Time, mutedUntil: Type.Optional(Time) }),
    ),
    total: Type.Integer(),
    cursor: Type.Optional(Type.String()),
  }),
  handle: async (chat, { user }, { room, limit: most = 50, cursor }) => {
    const { room: record } = await demandMember(chat, room, user)
    const page = await chat.storage.rooms.members(room, { limit: most, cursor })
    const members = page.items.map((member) => ({ ...member }))
    return { members, total: record.members, ...(page.cursor !== undefined && { cursor: page.cursor }) }
  },
})
