/**
 * Core's `TokenVerifier` for JWT. A failure is an error or a close, as in `docs/server/codes.md` of
 * Centrifugo.
 */
import {
  CloseError,
  type Credentials,
  ReplyError,
  type SubscriptionGrant,
  type TokenVerifier,
  type Writable,
} from '@skein/core'
import { because, CLOSE, ERROR } from '@skein/protocol'
import {
  ClaimError,
  type ConnectionClaims,
  connectionClaims,
  jsonOf,
  overrideOf,
  type SubscriptionClaims,
  subscriptionClaims,
} from './claims.ts'
import { type KeySettings, type Verify, verifierOf } from './keys.ts'

export interface VerifierSettings extends KeySettings {
  /** Bytes. */
  readonly tokenLength: number
}

export function createTokenVerifier(settings: VerifierSettings): TokenVerifier {
  const verify = verifierOf(settings)
  return {
    connection: (token) => connection(token, verify, settings.tokenLength),
    subscription: (token, channel, user) => subscription(token, channel, user, verify, settings.tokenLength),
  }
}

const invalid = (why: string) => new CloseError(because(CLOSE.invalidToken, why))

function connection(token: string, verify: Verify, maxLength: number): Credentials {
  const claims = checked(token, verify, maxLength, invalid)
  if ('channel' in claims) throw invalid('a subscription token cannot connect')
  if (!connectionClaims.Check(claims)) throw invalid(wrongClaim(connectionClaims.Errors(claims)))
  return readingClaims(() => credentialsOf(claims), invalid)
}

/** They make a user id look like another one in logs and lists, or have no UTF-8 form. */
const UNSAFE_USER = /[\p{Cc}\p{Cs}\p{Bidi_Control}]/u

function credentialsOf(claims: ConnectionClaims): Credentials {
  if (claims.sub !== undefined && UNSAFE_USER.test(claims.sub))
    throw new ClaimError('claim sub has control characters, bidi controls or lone surrogates')
  const info = jsonOf('info', claims.info, claims.b64info)
  const expireAt = expiryOf(claims)
  const channels = channelsOf(claims)
  const credentials: Writable<Credentials> = { user: claims.sub ?? '' }
  if (expireAt !== undefined) credentials.expireAt = expireAt
  if (info !== undefined) credentials.info = info
  if (channels !== undefined) credentials.channels = channels
  if (claims.jti !== undefined) credentials.meta = { ...claims.meta, jti: claims.jti }
  else if (claims.meta !== undefined && Object.keys(claims.meta).length > 0) credentials.meta = claims.meta
  return credentials
}

function channelsOf({ channels = [], subs = {} }: ConnectionClaims): Credentials['channels'] {
  if (channels.length === 0 && Object.keys(subs).length === 0) return undefined
  const named = [
    ...channels.map((channel) => [channel, {}] as const),
    ...Object.entries(subs).map(([channel, sub]) => [channel, serverSubscription(sub)] as const),
  ]
  return Object.fromEntries(named)
}

function serverSubscription(sub: NonNullable<ConnectionClaims['subs']>[string]) {
  const info = jsonOf('info', sub.info, sub.b64info)
  const data = jsonOf('data', sub.data, sub.b64data)
  const override = overrideOf(sub.override)
  return {
    ...(info !== undefined && { info }),
    ...(data !== undefined && { data }),
    ...(override !== undefined && { override }),
  }
}

function subscription(
  token: string,
  channel: string,
  user: string,
  verify: Verify,
  maxLength: number,
): SubscriptionGrant {
  const denied = (why: string) => new ReplyError(ERROR.permissionDenied, `invalid subscription token: ${why}`)
  const claims = checked(token, verify, maxLength, denied)
  if (!subscriptionClaims.Check(claims)) throw denied(wrongClaim(subscriptionClaims.Errors(claims)))
  if (claims.channel !== channel) throw invalid('for another channel')
  if ((claims.sub ?? '') !== user) throw invalid('for another user')
  // Older tokens of Centrifugo name the connection. Without this check such a token would fit every
  // connection.
  if (claims.client !== undefined && claims.client !== '') throw denied('the claim client is not supported')
  return readingClaims(() => grantOf(claims), denied)
}

function grantOf(claims: SubscriptionClaims): SubscriptionGrant {
  const info = jsonOf('info', claims.info, claims.b64info)
  const expireAt = expiryOf(claims)
  const override = overrideOf(claims.override)
  return {
    ...(info !== undefined && { info }),
    ...(expireAt !== undefined && { expireAt }),
    ...(override !== undefined && { override }),
  }
}

/** Claims of a token with a valid signature, valid times and an allowed length. */
function checked(token: string, verify: Verify, maxLength: number, refuse: (why: string) => Error): object {
  if (token.length > maxLength) throw refuse(`longer than ${maxLength} bytes`)
  const result = verify(token)
  if ('claims' in result) return result.claims
  throw result.failed === 'expired' ? new ReplyError(ERROR.tokenExpired) : refuse(result.why)
}

/** `expire_at` overrides `exp`; 0 means never. */
function expiryOf({ exp, expire_at }: { exp?: number; expire_at?: number }): number | undefined {
  if (expire_at === undefined) return exp
  return expire_at === 0 ? undefined : expire_at
}

function wrongClaim(errors: readonly { readonly instancePath: string; readonly message: string }[]): string {
  const [first] = errors
  return first === undefined ? 'claims' : `claim ${first.instancePath.slice(1)} ${first.message}`
}

function readingClaims<T>(read: () => T, refuse: (why: string) => Error): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof ClaimError ? refuse(error.message) : error
  }
}
