import Type from 'typebox'
import type { Presence } from '../people/presence.ts'
import { verb } from '../rpc/verb.ts'
import { Empty, object } from '../schema.ts'

export const presenceSetVerb = (presence: Presence) =>
  verb({
    method: 'chat.presence.set',
    summary: 'Sets whether the user is present at this connection; a person is away when absent from all.',
    request: object({ status: Type.Union([Type.Literal('online'), Type.Literal('away')]) }),
    reply: Empty,
    handle: async (chat, { user, client, device }, { status }) => {
      await chat.storage.people.setConnection(user, { client, device, away: status === 'away' })
      presence.soon(user)
      return {}
    },
  })
