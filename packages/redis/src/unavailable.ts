/** Everything that can go wrong on the way to Redis becomes {@link Unavailable}: the caller may try again. */
import { Unavailable } from '@skein/core'

/** The call never left this process: nothing was done. Of any other `Unavailable` the outcome is unknown. */
export class NotSent extends Unavailable {}

export function unavailable(what: string, error: unknown): Unavailable {
  if (error instanceof Unavailable) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new Unavailable(`Redis did not ${what}: ${reason}`, { cause: error })
}
