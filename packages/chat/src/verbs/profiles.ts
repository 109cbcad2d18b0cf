import Type from 'typebox'
import { verb } from '../rpc/verb.ts'
import { object, UserId } from '../schema.ts'

export const PROFILES = verb({
  method: 'chat.profiles',
  summary: 'Display names; the user id where a user has none.',
  request: object({ users: Type.Array(UserId, { maxItems: 100 }) }),
  reply: object({ profiles: Type.Array(object({ user: Type.String(), name: Type.String() })) }),
  handle: async (chat, _, { users }) => {
    const names = await chat.storage.people.names(users)
    return { profiles: users.map((user, at) => ({ user, name: names[at] ?? user })) }
  },
})
