import type { ChatContext } from '../context.ts'
import { conversationOf, inbox } from '../conversation/conversation.ts'
import { publishOnce } from '../events/publish.ts'
import type { Member } from '../ports.ts'
import { notifyIfOffline } from './send.ts'
import type { TaskOf } from './task.ts'

/** Maximum excerpt of a body in a mention event, in UTF-16 units. */
const MAX_EXCERPT_LENGTH = 200

/** Notifies mentioned members in their inbox, and offline members of a small room by an integration event. */
export async function performNotify(chat: ChatContext, task: TaskOf<'notify'>): Promise<void> {
  const conversation = conversationOf(task.conversation)
  if (conversation.kind !== 'room') return
  const { room } = conversation
  const mentioned = await membersAmong(chat, room, task.message.mentions ?? [])
  await Promise.all(mentioned.map((user) => mention(chat, user, task)))
  if (chat.listeners.length === 0) return
  const small = await smallRoom(chat, room)
  const concerned = new Set([...mentioned, ...small.map(({ user }) => user)])
  await Promise.all(
    [...concerned].map((user) => notifyIfOffline(chat, user, task.conversation, task.message, task.offset)),
  )
}

async function membersAmong(chat: ChatContext, room: string, users: readonly string[]): Promise<string[]> {
  const standings = await Promise.all(users.map((user) => chat.storage.rooms.standing(room, user)))
  return users.filter((_, at) => standings[at]?.role !== undefined)
}

/** All members of a small room; an empty list for larger rooms. */
export async function smallRoom(chat: ChatContext, room: string): Promise<readonly Member[]> {
  const { smallRoom: most } = chat.limits
  const { items, cursor } = await chat.storage.rooms.members(room, { limit: most })
  return cursor === undefined ? items : []
}

async function mention(chat: ChatContext, user: string, task: TaskOf<'notify'>): Promise<void> {
  const { conversation, offset, message } = task
  const { id, from, timestamp } = message
  if (user === from) return
  const body = message.body.slice(0, MAX_EXCERPT_LENGTH)
  await publishOnce(chat, inbox(user), { event: 'mention', conversation, offset, id, from, body }, timestamp)
}
