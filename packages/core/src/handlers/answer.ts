import type { ReplyVerb, Results } from '@skein/protocol'

/** The outcome of a handler. `afterwards` runs once the result is written. */
export interface Answer<V extends ReplyVerb> {
  readonly result: Results[V]
  readonly afterwards?: () => void
}
