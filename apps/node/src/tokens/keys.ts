/** The keys that tokens are verified with. The only file that calls `verify` of jsonwebtoken. */
import { createSecretKey, type KeyObject } from 'node:crypto'
import jwt from 'jsonwebtoken'

export type HmacAlgorithm = 'HS256' | 'HS384' | 'HS512'

export interface KeySettings {
  readonly tokenHmacSecret: string
  readonly tokenHmacSecretPrevious: string
  readonly tokenAlgorithm: HmacAlgorithm
  readonly tokenAudience: string
  readonly tokenIssuer: string
}

/**
 * Result of a verification: claims whose types are not checked yet, or the broken rule. Holds no part of the
 * token.
 */
export type Verified =
  | { readonly claims: object }
  | { readonly failed: 'expired' }
  | { readonly failed: 'invalid'; readonly why: string }

export type Verify = (token: string) => Verified

type Options = jwt.VerifyOptions & { readonly complete: true }

/** Accepted difference between the clocks of the signer and of this node, in seconds. */
const CLOCK_TOLERANCE_S = 5

const EXPIRED: Verified = { failed: 'expired' }
const NO_KEY = invalid('no key is configured')
const NO_CLAIMS = invalid('no claims')
const CRITICAL = invalid('invalid crit header')
const WRONG_SIGNATURE = invalid('invalid signature')
const MALFORMED = invalid('malformed')
/** `exp` or `nbf` is beyond the range of ECMAScript's Date (ECMA-262, 21.4.1.1). */
const NO_DATE = invalid('exp or nbf is no date')

/**
 * By the messages of jsonwebtoken. Each names the broken rule, never a value of the token or of the settings.
 */
const BY_MESSAGE: ReadonlyMap<string, Verified> = new Map([
  ['jwt must be provided', invalid('must be provided')],
  ['jwt malformed', MALFORMED],
  ['invalid token', MALFORMED],
  ['jwt signature is required', invalid('signature is required')],
  ['invalid algorithm', invalid('invalid algorithm')],
  ['invalid signature', WRONG_SIGNATURE],
  ['invalid nbf value', invalid('invalid nbf value')],
  ['invalid exp value', invalid('invalid exp value')],
])

/** The algorithm is pinned to the key, never taken from the token's header (RFC 8725, section 3.1). */
export function verifierOf(settings: KeySettings): Verify {
  const keys = [settings.tokenHmacSecret, settings.tokenHmacSecretPrevious]
    .filter((secret) => secret !== '')
    .map((secret) => createSecretKey(secret, 'utf8'))
  const options: Options = {
    complete: true,
    algorithms: [settings.tokenAlgorithm],
    clockTolerance: CLOCK_TOLERANCE_S,
    ...(settings.tokenAudience !== '' && { audience: settings.tokenAudience }),
    ...(settings.tokenIssuer !== '' && { issuer: settings.tokenIssuer }),
  }
  return (token) => firstFitting(token, keys, options)
}

function firstFitting(token: string, keys: readonly KeyObject[], options: Options): Verified {
  let result = NO_KEY
  for (const key of keys) {
    result = verifyWith(key, token, options)
    // The previous key is tried for a wrong signature only.
    if (result !== WRONG_SIGNATURE) return result
  }
  return result
}

function verifyWith(key: KeyObject, token: string, options: Options): Verified {
  try {
    const { header, payload } = jwt.verify(token, key, options)
    // jsonwebtoken ignores `crit`. A recipient that knows no extension must reject it (RFC 7515, section
    // 4.1.11).
    if ('crit' in header) return CRITICAL
    return isClaims(payload) ? { claims: payload } : NO_CLAIMS
  } catch (error) {
    return failureOf(error, token)
  }
}

function failureOf(error: unknown, token: string): Verified {
  if (error instanceof jwt.TokenExpiredError) return isDate(error.expiredAt) ? EXPIRED : NO_DATE
  if (error instanceof jwt.NotBeforeError) return isDate(error.date) ? invalid('not active') : NO_DATE
  if (error instanceof jwt.JsonWebTokenError) {
    return BY_MESSAGE.get(error.message) ?? claimFailure(error.message, token)
  }
  // jsonwebtoken parses the JSON of the claims, and reads members of claims that are null.
  if (error instanceof SyntaxError) return MALFORMED
  return error instanceof TypeError ? NO_CLAIMS : invalid('unreadable')
}

/**
 * "jwt audience invalid. expected: skein" without the setting. Claims that are text or a list have no
 * audience.
 */
function claimFailure(message: string, token: string): Verified {
  const claim = /^jwt (audience|issuer) invalid\b/.exec(message)?.[1]
  if (claim === undefined) return invalid('unreadable')
  return isClaims(jwt.decode(token)) ? invalid(`${claim} invalid`) : NO_CLAIMS
}

function isClaims(payload: unknown): payload is object {
  return typeof payload === 'object' && payload !== null && !Array.isArray(payload)
}

function isDate(date: Date): boolean {
  return !Number.isNaN(date.getTime())
}

function invalid(why: string): Verified {
  return { failed: 'invalid', why }
}
