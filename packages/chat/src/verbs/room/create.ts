import Type, { type Static } from 'typebox'
import type { Caller, ChatContext } from '../../context.ts'
import { ChatError } from '../../errors.ts'
import { reserve, takeSend } from '../../rpc/reservation.ts'
import { verb } from '../../rpc/verb.ts'
import { ClientId, object, type Room, RoomSchema, VisibilitySchema } from '../../schema.ts'
import { durably } from '../../tasks/durably.ts'
import { performSystem } from '../../tasks/system.ts'
import { cleanName, nameKey } from '../../text/names.ts'
import { changeMembership, roomOf } from './changes.ts'

const Request = object({ name: Type.String(), visibility: VisibilitySchema, clientId: ClientId })

/** Throws `bad_name`, `name_taken`, `too_many_rooms`, `rate_limited`. */
export const ROOM_CREATE = verb({
  method: 'chat.room.create',
  summary: 'Creates a room; the caller is its owner.',
  request: Request,
  reply: RoomSchema,
  handle: create,
})

async function create(chat: ChatContext, caller: Caller, request: Static<typeof Request>): Promise<Room> {
  const { user } = caller
  const name = cleanName(request.name)
  const { key, id: op, at, result } = await reserve(chat, 'room', caller, request.clientId)
  if (result !== undefined) return roomOf(chat, JSON.parse(result) as string)
  await takeSend(chat, user)
  await demandRoomLeft(chat, user)
  // The reservation's id ends in random characters, and a repeated call has the same id.
  const id = op.slice(-12)
  const { visibility } = request
  const record = { id, name, nameKey: nameKey(name), visibility, createdBy: user, createdAt: at }
  await changeMembership(chat, { room: id, user, by: user, change: 'joined' }, async () => {
    if (!(await chat.storage.rooms.create(record, { user, role: 'owner', joinedAt: at }))) {
      throw new ChatError('name_taken')
    }
    const system = { kind: 'created', by: user, name } as const
    const task = { kind: 'system', room: id, op, at, system } as const
    await durably(chat, task, () => performSystem(chat, task))
  })
  await chat.storage.ledger.settle(key, JSON.stringify(id))
  return roomOf(chat, id)
}

/** Throws `too_many_rooms`. */
export async function demandRoomLeft(chat: ChatContext, user: string): Promise<void> {
  const { rooms } = await chat.storage.conversations.of(user)
  if (rooms.length >= chat.limits.userRooms) throw new ChatError('too_many_rooms')
}
