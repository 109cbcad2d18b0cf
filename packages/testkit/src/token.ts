/** Tokens as an application's backend signs them. */
import jwt from 'jsonwebtoken'

/** The secret of every test cluster. */
export const TEST_SECRET = 'a-secret-for-tests-only-0123456789abcdef'

export interface Claims {
  readonly sub?: string
  /** Unix seconds. */
  readonly exp?: number
  readonly channels?: readonly string[]
  readonly info?: unknown
  /** Of a subscription token. */
  readonly channel?: string
  readonly [claim: string]: unknown
}

export function signToken(claims: Claims, secret = TEST_SECRET): string {
  return jwt.sign(claims, secret, { algorithm: 'HS256', noTimestamp: true })
}

/** Unix seconds, `seconds` from now. */
export function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds
}
