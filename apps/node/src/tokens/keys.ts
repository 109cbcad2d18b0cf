/** The keys that tokens are verified with, and the one place that calls fast-jwt's verifiers. */
import { createVerifier, TOKEN_ERROR_CODES, TokenError } from 'fast-jwt'

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

export type Verify = (token: string) => Verified

/** Clocks of the signer and of this node may differ by this much. Milliseconds. */
const CLOCK_TOLERANCE = 5_000

const EXPIRED: Verified = { failed: 'expired' }
const NO_KEY = invalid('no key is configured')
const NO_TOKEN = invalid('must be provided')
const WRONG_SIGNATURE = invalid('invalid signature')
/** fast-jwt names the date in its message where `exp` is past or `nbf` to come; of a number beyond all dates it cannot. */
const NO_DATE = invalid('exp or nbf is no date')

/** What is said of fast-jwt's errors: the rule that was broken, never a value of the token or of the settings. */
const BY_CODE: ReadonlyMap<string, Verified> = new Map([
  [TOKEN_ERROR_CODES.malformed, invalid('malformed')],
  [TOKEN_ERROR_CODES.invalidPayload, invalid('no claims')],
  [TOKEN_ERROR_CODES.missingSignature, invalid('signature is required')],
  [TOKEN_ERROR_CODES.invalidAlgorithm, invalid('invalid algorithm')],
  [TOKEN_ERROR_CODES.invalidSignature, WRONG_SIGNATURE],
  [TOKEN_ERROR_CODES.invalidCritHeader, invalid('invalid crit header')],
  [TOKEN_ERROR_CODES.inactive, invalid('not active')],
  [TOKEN_ERROR_CODES.expired, EXPIRED],
])

const BY_CLAIM: ReadonlyMap<string, Verified> = new Map([
  ['nbf', invalid('invalid nbf value')],
  ['exp', invalid('invalid exp value')],
  ['aud', invalid('audience invalid')],
  ['iss', invalid('issuer invalid')],
])

/** The claim that a message of fast-jwt is about, where its code does not say: "The exp claim must be a number." */
const CLAIM = /\b(\w+) claim\b/

/** How a token ends. fast-jwt takes bits beyond the last byte of a signature too: several texts for one (RFC 4648, 3.5). */
const SIGNATURE: Readonly<Record<HmacAlgorithm, RegExp>> = {
  HS256: /\.[\w-]{42}[AEIMQUYcgkosw048]$/,
  HS384: /\.[\w-]{64}$/,
  HS512: /\.[\w-]{85}[AQgw]$/,
}

/** The algorithm is pinned to the key, never taken from the token's header (RFC 8725, 3.1). */
export function verifierOf(settings: KeySettings): Verify {
  const { tokenAlgorithm, tokenAudience, tokenIssuer } = settings
  const options = {
    algorithms: [tokenAlgorithm],
    clockTolerance: CLOCK_TOLERANCE,
    // A cache of tokens costs memory per connection, and what is in it outlives the rotation of keys.
    cache: false,
    ...(tokenAudience !== '' && { allowedAud: tokenAudience }),
    ...(tokenIssuer !== '' && { allowedIss: tokenIssuer }),
  }
  const attempts = [settings.tokenHmacSecret, settings.tokenHmacSecretPrevious]
    .filter((secret) => secret !== '')
    .map((key) => attemptOf(createVerifier({ ...options, key }), settings))
  return (token) => (token === '' ? NO_TOKEN : firstFitting(token, attempts))
}

function firstFitting(token: string, attempts: readonly Verify[]): Verified {
  let result = NO_KEY
  for (const attempt of attempts) {
    result = attempt(token)
    // Only another signature is a reason to try the previous key.
    if (result !== WRONG_SIGNATURE) return result
  }
  return result
}

/** What one key says of a token, and what fast-jwt does not ask. */
function attemptOf(verify: (token: string) => object, settings: KeySettings): Verify {
  const signature = SIGNATURE[settings.tokenAlgorithm]
  // fast-jwt passes over claims that are absent, and asks its `requiredClaims` before `exp`: whoever comes with an expired
  // token of the time before an audience was configured would be sent away instead of asked for a new one.
  const required = [
    ...(settings.tokenAudience === '' ? [] : ['aud']),
    ...(settings.tokenIssuer === '' ? [] : ['iss']),
  ]
  return (token) => {
    let claims: object
    try {
      claims = verify(token)
    } catch (error) {
      return failureOf(error)
    }
    if (!signature.test(token)) return WRONG_SIGNATURE
    const absent = required.find((claim) => !Object.hasOwn(claims, claim))
    return absent === undefined ? { claims } : failureOfClaim(absent)
  }
}

function failureOf(error: unknown): Verified {
  if (error instanceof TokenError) {
    return BY_CODE.get(error.code) ?? failureOfClaim(CLAIM.exec(error.message)?.[1] ?? '')
  }
  return error instanceof RangeError ? NO_DATE : invalid('unreadable')
}

function failureOfClaim(claim: string): Verified {
  return BY_CLAIM.get(claim) ?? invalid('unreadable')
}

function invalid(why: string): Verified {
  return { failed: 'invalid', why }
}
