import type { TokenVerifier } from '../hooks.ts'
import type { SubscriptionContext } from '../subscription/context.ts'
import type { Turnstile } from '../util/turnstile.ts'

/** The part of the node that handlers use. */
export interface HandlerContext extends SubscriptionContext {
  readonly name: string
  readonly version: string
  readonly tokens: TokenVerifier | undefined
  readonly allowAnonymous: boolean
  /** Bounds the connect commands in progress. */
  readonly connects: Turnstile
}
