/** Signs tokens as the backend of an application does: for `skein token`, the demo page and tests. */
import { createSecretKey } from 'node:crypto'
import jwt from 'jsonwebtoken'
import type { HmacAlgorithm } from './keys.ts'

export interface TokenRequest {
  readonly user: string
  /** Seconds; absent: the token never expires. */
  readonly ttl?: number
  /** Server-side subscriptions. */
  readonly channels?: readonly string[]
  /** `conn_info` of the connection. */
  readonly info?: unknown
}

export interface SubscriptionTokenRequest {
  readonly user: string
  readonly channel: string
  readonly ttl?: number
  readonly info?: unknown
}

export interface SigningSettings {
  readonly tokenHmacSecret: string
  readonly tokenAlgorithm: HmacAlgorithm
  readonly tokenAudience: string
  readonly tokenIssuer: string
}

/** A connection token. */
export function signToken(settings: SigningSettings, { user, ttl, channels, info }: TokenRequest): string {
  return sign(settings, ttl, {
    sub: user,
    ...(channels !== undefined && channels.length > 0 && { channels }),
    ...(info !== undefined && { info }),
  })
}

/** A token for one channel of a namespace with `subscribe: token`. */
export function signSubscriptionToken(
  settings: SigningSettings,
  { user, channel, ttl, info }: SubscriptionTokenRequest,
): string {
  return sign(settings, ttl, { sub: user, channel, ...(info !== undefined && { info }) })
}

function sign(settings: SigningSettings, ttl: number | undefined, claims: object): string {
  if (ttl !== undefined && !Number.isSafeInteger(ttl)) throw new RangeError('ttl must be whole seconds')
  return jwt.sign(claims, createSecretKey(settings.tokenHmacSecret, 'utf8'), {
    algorithm: settings.tokenAlgorithm,
    ...(ttl !== undefined && { expiresIn: ttl }),
    ...(settings.tokenAudience !== '' && { audience: settings.tokenAudience }),
    ...(settings.tokenIssuer !== '' && { issuer: settings.tokenIssuer }),
  })
}
