import Type from 'typebox'
import { verb } from '../rpc/verb.ts'
import { Empty, object } from '../schema.ts'
import { cleanName } from '../text/names.ts'

export const PROFILE_SET = verb({
  method: 'chat.profile.set',
  summary: "Sets the user's display name. A name in the token wins at the next connect.",
  request: object({ name: Type.String() }),
  reply: Empty,
  handle: async (chat, { user }, { name }) => {
    await chat.storage.people.setName(user, cleanName(name))
    return {}
  },
})
