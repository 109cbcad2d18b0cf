/** Signs tokens as an application's backend would: for `skein token`, the demo page and tests. */
import { createSigner } from 'fast-jwt'
import type { HmacAlgorithm } from './keys.ts'

export interface TokenRequest {
  readonly user: string
  /** Seconds; absent: the token does not end. */
  readonly ttl?: number
  /** Server-side subscriptions. */
  readonly channels?: readonly string[]
  /** What others see as `conn_info`. */
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
  // fast-jwt would leave out an `exp` that is no finite number, and the token would never end.
  if (ttl !== undefined && !Number.isSafeInteger(ttl)) throw new RangeError('ttl must be whole seconds')
  const signer = createSigner({
    key: settings.tokenHmacSecret,
    algorithm: settings.tokenAlgorithm,
    ...(ttl !== undefined && { expiresIn: ttl * 1000 }),
    ...(settings.tokenAudience !== '' && { aud: settings.tokenAudience }),
    ...(settings.tokenIssuer !== '' && { iss: settings.tokenIssuer }),
  })
  return signer(claims)
}
