/** Any failure of a call to Redis becomes {@link Unavailable}: the caller may retry. */
import { Unavailable } from '@skein/core'

/** The call was not sent and has no effect. Of any other `Unavailable` the outcome is unknown. */
export class NotSent extends Unavailable {}

export function unavailable(what: string, error: unknown): Unavailable {
  if (error instanceof Unavailable) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new Unavailable(`Redis did not ${what}: ${reason}`, { cause: error })
}
