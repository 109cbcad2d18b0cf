import type { Caller, ChatContext } from '../../context.ts'
import { demandRole, demandRoom, outranks } from '../../conversation/access.ts'
import { ChatError } from '../../errors.ts'
import type { Standing } from '../../ports.ts'
import { demandUserId } from '../../text/names.ts'

/**
 * Throws `not_allowed` unless the caller moderates the room and outranks `user`. Returns the standing of
 * `user`.
 */
export async function demandPower(
  chat: ChatContext,
  caller: Caller,
  room: string,
  user: string,
): Promise<Standing> {
  demandUserId(user)
  const { role } = await demandRole(chat, room, caller.user, 'moderator')
  const subject = await demandRoom(chat, room, user)
  if (!outranks(role, subject.role)) throw new ChatError('not_allowed')
  return subject
}

export function demandMembership(subject: Standing): void {
  if (subject.role === undefined) throw new ChatError('not_member', 'the user is not a member of this room')
}
