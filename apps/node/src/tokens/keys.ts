/** The keys that tokens are verified with, and the one place that calls jsonwebtoken's `verify`. */
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

/** What became of a token's text: claims nobody has looked at yet, or why it is not accepted. Holds no part of it. */
export type Verified =
  | { readonly claims: object }
  | { readonly failed: 'expired' }
  | { readonly failed: 'invalid'; readonly why: string }

/** Clocks of the signer and of this node may differ by this much. Seconds. */
const CLOCK_TOLERANCE = 5

export type Verify = (token: string) => Verified

/** The algorithm is pinned to the key, never taken from the token's header (RFC 8725, 3.1). */
export function verifierOf(settings: KeySettings): Verify {
  const keys = [settings.tokenHmacSecret, settings.tokenHmacSecretPrevious]
    .filter((secret) => secret !== '')
    .map((secret) => createSecretKey(secret, 'utf8'))
  const options: jwt.VerifyOptions & { complete: false } = {
    complete: false,
    algorithms: [settings.tokenAlgorithm],
    clockTolerance: CLOCK_TOLERANCE,
    ...(settings.tokenAudience !== '' && { audience: settings.tokenAudience }),
    ...(settings.tokenIssuer !== '' && { issuer: settings.tokenIssuer }),
  }
  return (token) => firstFitting(token, keys, options)
}

function firstFitting(
  token: string,
  keys: readonly KeyObject[],
  options: jwt.VerifyOptions & { complete: false },
): Verified {
  let result: Verified = { failed: 'invalid', why: 'no key is configured' }
  for (const key of keys) {
    result = attempt(token, key, options)
    // Only another signature is a reason to try the previous key.
    if (!('why' in result) || result.why !== 'invalid signature') return result
  }
  return result
}

function attempt(token: string, key: KeyObject, options: jwt.VerifyOptions & { complete: false }): Verified {
  try {
    const claims = jwt.verify(token, key, options)
    return typeof claims === 'string' ? { failed: 'invalid', why: 'no claims' } : { claims }
  } catch (error) {
    if (error instanceof jwt.TokenExpiredError) return { failed: 'expired' }
    // Its messages name the rule, not the value: "jwt audience invalid. expected: …" is cut before the setting.
    const message = error instanceof Error ? error.message : 'unreadable'
    return { failed: 'invalid', why: message.replace(/^jwt /, '').split('. ', 1)[0] ?? '' }
  }
}
