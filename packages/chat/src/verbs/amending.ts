/** The shared part of edit, delete and react: one operation on one message, performed once. */

import type { Caller, ChatContext } from '../context.ts'
import type { Change } from '../conversation/amendments.ts'
import { reserve, takeSend } from '../rpc/reservation.ts'
import type { Amendment, Target } from '../schema.ts'
import { performAmend } from '../tasks/amend.ts'
import { durably } from '../tasks/durably.ts'

export interface AmendCall {
  readonly conversation: string
  readonly target: Target
  readonly clientId: string
}

/**
 * `permit` throws when the caller lacks permission. It is not called for a call that already has a result.
 */
export async function amending(
  chat: ChatContext,
  caller: Caller,
  { conversation, target, clientId }: AmendCall,
  change: Change,
  permit: () => Promise<void>,
): Promise<Amendment> {
  const { key, id: op, at, result } = await reserve(chat, 'amend', caller, clientId)
  if (result !== undefined) return JSON.parse(result) as Amendment
  await takeSend(chat, caller.user)
  await permit()
  const operation = { target, change, op, by: caller.user, at }
  const task = { kind: 'amend', conversation, operation, key } as const
  return durably(chat, task, () => performAmend(chat, task))
}
