/** Methods for the connections of a user: all of them, or one by `client` or `session`. */
import type { ServerSubscription, UserTarget } from '@skein/core'
import Type, { type Static } from 'typebox'
import { object } from '../json.ts'
import { Channel, Empty, method, optional, request } from '../method.ts'
import { PayloadFields, written } from '../payload.ts'

const Target = {
  user: Type.String({ description: 'User of the connections.' }),
  client: optional(Type.String({ description: 'Only this connection.' })),
  session: optional(Type.String({ description: 'Only this session.' })),
}

/** Centrifugo's SDKs write absent fields as ''. */
function target({ user, client, session }: { user: string; client?: string; session?: string }): UserTarget {
  return { user, ...(client && { client }), ...(session && { session }) }
}

const Switch = optional(Type.Object({ value: Type.Boolean() }))

const SubscribeSchema = request({
  ...Target,
  channel: Channel,
  info: optional(Type.Unknown({ description: 'Shown to other clients as `chan_info`.' })),
  b64info: optional(Type.String()),
  ...PayloadFields,
  recover_since: optional(Type.Object({ offset: Type.Integer({ minimum: 0 }), epoch: Type.String() })),
  expire_at: optional(Type.Integer({ minimum: 0, description: 'Unix seconds; 0: never.' })),
  override: optional(
    request({
      presence: Switch,
      join_leave: Switch,
      force_recovery: Switch,
      force_positioning: Switch,
      force_push_join_leave: Switch,
    }),
  ),
})

type SubscribeFields = Static<typeof SubscribeSchema>

function textOf(value: unknown, base64: string | undefined): string | undefined {
  if (base64 !== undefined && base64 !== '') return Buffer.from(base64, 'base64').toString()
  return value === undefined ? undefined : written(value)
}

function subscriptionOptions(from: SubscribeFields): ServerSubscription {
  const info = textOf(from.info, from.b64info)
  const data = textOf(from.data, from.b64data)
  const override = from.override && overrideOf(from.override)
  return {
    ...(info !== undefined && { info }),
    ...(data !== undefined && { data }),
    ...(from.recover_since && { recoverSince: from.recover_since }),
    ...(from.expire_at && { expireAt: from.expire_at }),
    ...(override && { override }),
  }
}

function overrideOf(
  from: NonNullable<SubscribeFields['override']>,
): NonNullable<ServerSubscription['override']> {
  const named = {
    presence: from.presence?.value,
    joinLeave: from.join_leave?.value,
    forceRecovery: from.force_recovery?.value,
    forcePositioning: from.force_positioning?.value,
    forcePushJoinLeave: from.force_push_join_leave?.value,
  }
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined))
}

export const subscribe = method({
  name: 'subscribe',
  summary: 'Subscribe connections of a user to a channel',
  request: SubscribeSchema,
  result: Empty,
  run: async ({ node }, from) => {
    await node.subscribe(target(from), from.channel, subscriptionOptions(from))
    return object({})
  },
})

export const unsubscribe = method({
  name: 'unsubscribe',
  summary: 'Unsubscribe connections of a user from a channel',
  request: request({ ...Target, channel: Channel }),
  result: Empty,
  run: async ({ node }, from) => {
    await node.unsubscribe(target(from), from.channel)
    return object({})
  },
})

export const disconnect = method({
  name: 'disconnect',
  summary: 'Close connections of a user on all nodes',
  request: request({
    ...Target,
    whitelist: optional(Type.Array(Type.String(), { description: 'Connections to keep.' })),
    disconnect: optional(
      request({
        code: Type.Integer({ description: '3000 to 4999; 3503 when absent.' }),
        reason: optional(Type.String({ description: 'At most 123 bytes.' })),
      }),
    ),
  }),
  result: Empty,
  run: async ({ node }, from) => {
    await node.disconnect(target(from), {
      ...(from.disconnect && { code: from.disconnect.code }),
      ...(from.disconnect?.reason && { reason: from.disconnect.reason }),
      ...(from.whitelist && { whitelist: from.whitelist }),
    })
    return object({})
  },
})

export const refresh = method({
  name: 'refresh',
  summary: 'Change the expiry of connections of a user',
  request: request({
    ...Target,
    expired: optional(Type.Boolean({ description: 'They expire now.' })),
    expire_at: optional(Type.Integer({ minimum: 0, description: 'Unix seconds; 0: never.' })),
  }),
  result: Empty,
  run: async ({ node }, from) => {
    await node.refresh(target(from), {
      ...(from.expired !== undefined && { expired: from.expired }),
      ...(from.expire_at !== undefined && { expireAt: from.expire_at }),
    })
    return object({})
  },
})
