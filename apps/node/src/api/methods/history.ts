import Type from 'typebox'
import { array, object } from '../json.ts'
import { Channel, Empty, method, optional, request } from '../method.ts'
import { PublicationSchema, publication } from '../payload.ts'

export const history = method({
  name: 'history',
  summary: 'Publications in the history of a channel, and its position',
  request: request({
    channel: Channel,
    limit: optional(
      Type.Integer({
        minimum: -1,
        description: '0, the default: the position only; -1: up to the node’s bound.',
      }),
    ),
    since: optional(request({ offset: Type.Integer({ minimum: 0 }), epoch: optional(Type.String()) })),
    reverse: optional(Type.Boolean({ description: 'Newest first.' })),
  }),
  result: Type.Object({
    publications: Type.Array(PublicationSchema),
    offset: Type.Integer(),
    epoch: Type.String(),
  }),
  run: async ({ node }, { channel, limit, since, reverse }) => {
    const page = await node.history(channel, {
      ...(limit !== undefined && { limit }),
      ...(since && { since: { offset: since.offset, epoch: since.epoch ?? '' } }),
      ...(reverse !== undefined && { reverse }),
    })
    return object({
      publications: array(page.decoded.map(publication)),
      offset: String(page.offset),
      epoch: JSON.stringify(page.epoch),
    })
  },
})

export const historyRemove = method({
  name: 'history_remove',
  summary: 'Remove the history of a channel; its epoch and offset continue',
  request: request({ channel: Channel }),
  result: Empty,
  run: async ({ node }, { channel }) => {
    await node.removeHistory(channel)
    return object({})
  },
})
