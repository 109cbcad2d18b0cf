import Type from 'typebox'
import { demandMember } from '../conversation/access.ts'
import type { Presence } from '../people/presence.ts'
import { verb } from '../rpc/verb.ts'
import { object, PersonSchema, RoomId, UserId } from '../schema.ts'
import { demandUserId } from '../text/names.ts'

const MAX_PEOPLE = 50

export const presenceVerb = (presence: Presence) =>
  verb({
    method: 'chat.presence',
    summary: 'Current presence of people; changes arrive in `people:<user>`.',
    request: object({
      users: Type.Optional(Type.Array(UserId, { maxItems: MAX_PEOPLE })),
      room: Type.Optional(RoomId),
    }),
    reply: object({ people: Type.Array(PersonSchema) }),
    handle: async (chat, caller, { users = [], room }) => {
      for (const user of users) demandUserId(user)
      const wanted = new Set(users)
      if (room !== undefined) {
        await demandMember(chat, room, caller.user)
        const { items } = await chat.storage.rooms.members(room, { limit: MAX_PEOPLE })
        for (const { user } of items) wanted.add(user)
      }
      return { people: await Promise.all([...wanted].map((user) => presence.refresh(user))) }
    },
  })
