import type { ReplyVerb, Results } from '@skein/protocol'

/** What a handler returns: the result, and what follows once it is written. `send` has no result. */
export interface Answer<V extends ReplyVerb> {
  readonly result: Results[V]
  readonly afterwards?: () => void
}
