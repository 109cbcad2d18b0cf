import type { ChatContext } from '../context.ts'
import { inbox, roomChannel } from '../conversation/conversation.ts'
import { appendIntegrationEvent } from '../events/integration-stream.ts'
import { publishOnce } from '../events/publish.ts'
import { writeSystem } from './system.ts'
import type { TaskOf } from './task.ts'

/**
 * Publishes a change of membership that the room's record already shows. If the record does not show it (the
 * change failed or was superseded), the task does nothing, so a late repetition cannot undo later changes.
 */
export async function performMembership(chat: ChatContext, task: TaskOf<'membership'>): Promise<void> {
  const { room, user, change, op, at, by, until } = task
  const standing = await chat.storage.rooms.standing(room, user)
  const isMember = standing?.role !== undefined
  if (isMember !== (change === 'joined')) return
  if (isMember) await chat.storage.conversations.addRoom(user, room, Number.POSITIVE_INFINITY)
  else await remove(chat, room, user)
  const conversation = roomChannel(room)
  const system = { kind: change, user, by, ...(until !== undefined && { until }) }
  await writeSystem(chat, conversation, room, op, at, system)
  const listChange = isMember ? 'added' : 'removed'
  const event = { event: 'conversation', conversation, op, change: listChange, reason: change } as const
  await publishOnce(chat, inbox(user), event, at)
  await appendIntegrationEvent(chat, { id: op, at, type: `room.${change}`, room, user, by })
}

/** Ends the user's subscriptions to the room on every node, at once. */
async function remove(chat: ChatContext, room: string, user: string): Promise<void> {
  await chat.node.unsubscribe({ user }, roomChannel(room))
  await chat.storage.conversations.removeRoom(user, room)
}
