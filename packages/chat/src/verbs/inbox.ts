import Type from 'typebox'
import { inbox } from '../conversation/conversation.ts'
import { parseEvent } from '../events/parse.ts'
import { verb } from '../rpc/verb.ts'
import { limit, Offset, object, PositionSchema } from '../schema.ts'

export const INBOX = verb({
  method: 'chat.inbox',
  summary: "Events of the user's inbox after a position that the device stored.",
  request: object({ since: PositionSchema, limit: limit(500) }),
  reply: object({
    events: Type.Array(object({ offset: Offset, event: Type.Unknown() })),
    top: PositionSchema,
    recovered: Type.Boolean({ description: 'False when events after the position are no longer kept.' }),
  }),
  handle: async (chat, { user }, { since, limit: most = 100 }) => {
    const anyEpoch = { offset: since.offset, epoch: '' }
    const page = await chat.node.history(inbox(user), { limit: most, since: anyEpoch })
    const top = { offset: page.offset, epoch: page.epoch }
    const [first] = page.publications
    const complete = first === undefined ? page.offset === since.offset : first.offset === since.offset + 1
    if (page.epoch !== since.epoch || !complete) return { events: [], top, recovered: false }
    const events = page.decoded.flatMap(({ offset, data }) => {
      const event = parseEvent(data)
      return event === undefined ? [] : [{ offset, event }]
    })
    return { events, top, recovered: true }
  },
})
