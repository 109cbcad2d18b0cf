import type { Caller, ChatContext } from '../context.ts'
import { ChatError } from '../errors.ts'
import type { Reserved } from '../ports.ts'

export interface Reservation extends Reserved {
  readonly key: string
  readonly known: boolean
}

/**
 * Reserves the caller's `clientId` on all nodes. A repetition gets the same id, and the result if there is
 * one.
 */
export async function reserve(
  chat: ChatContext,
  verb: string,
  { user }: Pick<Caller, 'user'>,
  clientId: string,
): Promise<Reservation> {
  // The length makes the key unambiguous when an id contains a colon.
  const key = `${verb}:${user.length}:${user}:${clientId}`
  const proposed = { id: chat.newId(), at: chat.clock.now() }
  return { key, ...(await chat.storage.ledger.reserve(key, proposed, chat.limits.idempotencyTtl)) }
}

/** Takes a token of the user's send rate. Throws `rate_limited`, with the time to wait. */
export async function takeSend(chat: ChatContext, user: string): Promise<void> {
  const { sendBurst, sendPerSecond } = chat.limits
  const wait = await chat.storage.rates.take(`send:${user}`, sendBurst, sendPerSecond, chat.clock.now())
  if (wait > 0) throw new ChatError('rate_limited', `try again in ${wait} ms`)
}
