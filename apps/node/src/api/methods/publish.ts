import type { PublishCall, PublishResult, SkeinNode } from '@skein/core'
import Type, { type Static } from 'typebox'
import { errorText } from '../errors.ts'
import { array, object, unlessZero } from '../json.ts'
import { Channel, method, optional, request } from '../method.ts'
import { PayloadFields, payloadOf } from '../payload.ts'

const Fields = {
  ...PayloadFields,
  skip_history: optional(Type.Boolean({ description: 'Deliver, but do not keep.' })),
  tags: optional(Type.Record(Type.String(), Type.String())),
  idempotency_key: optional(
    Type.String({
      maxLength: 256,
      description: 'A retry with the same key within 5 minutes returns the first result.',
    }),
  ),
  delta: optional(Type.Boolean({ description: 'Accepted for compatibility; no effect.' })),
}

/** `offset` and `epoch` are absent if the channel has no history. */
const PublishResultSchema = Type.Object({
  offset: optional(Type.Integer()),
  epoch: optional(Type.String()),
})

const PublishSchema = request({ channel: Channel, ...Fields })
const BroadcastSchema = request({
  channels: Type.Array(Channel, { minItems: 1, maxItems: 10_000 }),
  ...Fields,
})

function publishCall(from: Omit<Static<typeof PublishSchema>, 'channel'>): PublishCall {
  return {
    data: payloadOf(from),
    ...(from.tags && { tags: from.tags }),
    ...(from.skip_history === true && { skipHistory: true }),
    ...(from.idempotency_key && { idempotencyKey: from.idempotency_key }),
  }
}

function resultText({ offset, epoch }: PublishResult): string {
  return object({ offset: unlessZero(offset), epoch: unlessZero(epoch) })
}

export const publish = method({
  name: 'publish',
  summary: 'Publish into a channel',
  request: PublishSchema,
  result: PublishResultSchema,
  run: async ({ node }, from) => resultText(await node.publish(from.channel, publishCall(from))),
})

export const broadcast = method({
  name: 'broadcast',
  summary: 'Publish the same data into several channels; one reply for each',
  request: BroadcastSchema,
  result: Type.Object({ responses: Type.Array(Type.Object({ result: optional(PublishResultSchema) })) }),
  run: async ({ node }, from) => {
    const call = publishCall(from)
    const responses = await Promise.all(from.channels.map((channel) => response(node, channel, call)))
    return object({ responses: array(responses) })
  },
})

async function response(node: SkeinNode, channel: string, call: PublishCall): Promise<string> {
  try {
    return object({ result: resultText(await node.publish(channel, call)) })
  } catch (error) {
    return object({ error: errorText(error) })
  }
}
