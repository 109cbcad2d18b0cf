/** Tokens as an application's backend signs them. */
import { createSigner } from 'fast-jwt'

/** The secret of every test cluster. */
export const TEST_SECRET = 'a-secret-for-tests-only-0123456789abcdef'

export interface Claims {
  readonly sub?: string
  /** Unix seconds, whole and not 0: the signer refuses a fraction and leaves out a 0. */
  readonly exp?: number
  readonly channels?: readonly string[]
  readonly info?: unknown
  /** Of a subscription token. */
  readonly channel?: string
  readonly [claim: string]: unknown
}

export function signToken(claims: Claims, secret = TEST_SECRET): string {
  return createSigner({ key: secret, algorithm: 'HS256', noTimestamp: true })(claims)
}

/** Unix seconds, `seconds` from now. */
export function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds
}
