import type { ChatContext } from '../../context.ts'
import { demandRoom } from '../../conversation/access.ts'
import { ChatError } from '../../errors.ts'
import type { Room } from '../../schema.ts'
import { changeMembership, roomOf } from './changes.ts'
import { demandRoomLeft } from './create.ts'

/**
 * Adds a member; no effect for members. Throws `banned`, `archived`, `room_full`, `too_many_rooms`,
 * `unknown_room`.
 */
export async function joinRoom(chat: ChatContext, room: string, user: string, by: string): Promise<Room> {
  const { role, room: record } = await demandRoom(chat, room, user)
  if (role !== undefined) return roomOf(chat, room)
  if (record.archivedAt !== undefined) throw new ChatError('archived')
  await demandRoomLeft(chat, user)
  const member = { user, role: 'member', joinedAt: chat.clock.now() } as const
  await changeMembership(chat, { room, user, by, change: 'joined' }, async () => {
    const outcome = await chat.storage.rooms.join(room, member, chat.limits.roomMembers)
    if (outcome === 'banned') throw new ChatError('banned')
    if (outcome === 'full') throw new ChatError('room_full')
    if (outcome === 'unknown') throw new ChatError('unknown_room')
  })
  return roomOf(chat, room)
}
