/** The claims that Skein reads from a token, as a schema: the signer may write anything into a token. */
import type { ServerSubscription } from '@skein/core'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'

/**
 * The maximum is the end of the year 9999. A larger number is a time in milliseconds, the most common
 * mistake.
 */
const UnixSeconds = Type.Number({ minimum: 0, maximum: 253_402_300_799 })

const Switch = Type.Optional(Type.Object({ value: Type.Boolean() }))

const OverrideSchema = Type.Object({
  presence: Switch,
  join_leave: Switch,
  force_recovery: Switch,
  force_positioning: Switch,
  force_push_join_leave: Switch,
})

const Common = {
  /** At most 254 characters, since `#sub`, the personal channel, is a channel name. */
  sub: Type.Optional(Type.String({ maxLength: 254 })),
  exp: Type.Optional(UnixSeconds),
  iat: Type.Optional(UnixSeconds),
  nbf: Type.Optional(UnixSeconds),
  jti: Type.Optional(Type.String({ maxLength: 256 })),
  info: Type.Optional(Type.Unknown()),
  b64info: Type.Optional(Type.String()),
  /** Unix seconds; 0: the connection or subscription never expires. */
  expire_at: Type.Optional(UnixSeconds),
}

const ConnectionClaimsSchema = Type.Object({
  ...Common,
  channels: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
  subs: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Object({
        info: Type.Optional(Type.Unknown()),
        b64info: Type.Optional(Type.String()),
        data: Type.Optional(Type.Unknown()),
        b64data: Type.Optional(Type.String()),
        override: Type.Optional(OverrideSchema),
      }),
    ),
  ),
  meta: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
})

const SubscriptionClaimsSchema = Type.Object({
  ...Common,
  channel: Type.Optional(Type.String()),
  client: Type.Optional(Type.String()),
  override: Type.Optional(OverrideSchema),
})

export type ConnectionClaims = Static<typeof ConnectionClaimsSchema>
export type SubscriptionClaims = Static<typeof SubscriptionClaimsSchema>

export const connectionClaims = Compile(ConnectionClaimsSchema)
export const subscriptionClaims = Compile(SubscriptionClaimsSchema)

/**
 * JSON text of `info` or `b64info` (`data` or `b64data`). Throws a `ClaimError` if the base64 text is no
 * JSON.
 */
export function jsonOf(name: string, value: unknown, base64: string | undefined): string | undefined {
  if (base64 === undefined || base64 === '') return value === undefined ? undefined : JSON.stringify(value)
  try {
    return JSON.stringify(JSON.parse(Buffer.from(base64, 'base64').toString('utf8')))
  } catch {
    // Without the parser's message, which would quote the claim.
    throw new ClaimError(`b64${name} holds no JSON`)
  }
}

/** An invalid claim. The message names the claim, without its value. */
export class ClaimError extends Error {
  override readonly name = 'ClaimError'
}

export function overrideOf(claim: Static<typeof OverrideSchema> | undefined): ServerSubscription['override'] {
  if (claim === undefined) return undefined
  const named = {
    presence: claim.presence?.value,
    joinLeave: claim.join_leave?.value,
    forceRecovery: claim.force_recovery?.value,
    forcePositioning: claim.force_positioning?.value,
    forcePushJoinLeave: claim.force_push_join_leave?.value,
  }
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined))
}
