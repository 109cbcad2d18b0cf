/** The shared part of room changes: the atomic step, then its announcement as a durable task. */
import type { ChatContext } from '../../context.ts'
import { viewRoom } from '../../conversation/view.ts'
import { ChatError } from '../../errors.ts'
import type { Room, System } from '../../schema.ts'
import { durably } from '../../tasks/durably.ts'
import { performMembership } from '../../tasks/membership.ts'
import { performSystem } from '../../tasks/system.ts'
import type { MembershipChange } from '../../tasks/task.ts'

/** Throws `unknown_room`. */
export async function roomOf(chat: ChatContext, room: string): Promise<Room> {
  const [record] = await chat.storage.rooms.get([room])
  if (record === undefined) throw new ChatError('unknown_room')
  return viewRoom(record)
}

/** Makes a change of membership and announces it. `make` is one atomic step in the room's record. */
export async function changeMembership(
  chat: ChatContext,
  about: { room: string; user: string; by: string; change: MembershipChange; until?: number },
  make: () => Promise<void>,
): Promise<void> {
  const task = { kind: 'membership', ...about, op: chat.newId(), at: chat.clock.now() } as const
  await durably(chat, task, async () => {
    await make()
    await performMembership(chat, task)
  })
}

/** Makes a change of the room and announces it to the room. */
export async function changeRoom(
  chat: ChatContext,
  room: string,
  system: System,
  make: () => Promise<void>,
): Promise<void> {
  // The change goes first, since an announcement must be true. After a crash in between, the room's record
  // shows the change.
  await make()
  const task = { kind: 'system', room, op: chat.newId(), at: chat.clock.now(), system } as const
  await durably(chat, task, () => performSystem(chat, task))
}
