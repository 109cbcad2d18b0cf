import type { StreamPosition } from '@skein/protocol'
import type { ChatContext } from '../context.ts'
import { conversationOf, inbox } from '../conversation/conversation.ts'
import { appendIntegrationEvent } from '../events/integration-stream.ts'
import { publishOnce } from '../events/publish.ts'
import { isOffline } from '../people/sessions.ts'
import type { Message } from '../schema.ts'
import { schedule } from './durably.ts'
import type { TaskOf } from './task.ts'

/** Publishes to the log first, which assigns the position. Every later step can be repeated from it. */
export async function performSend(chat: ChatContext, task: TaskOf<'send'>): Promise<StreamPosition> {
  const { conversation, message, key } = task
  const event = { event: 'message', conversation, message } as const
  const { offset, epoch } = await publishOnce(chat, conversation, event, message.timestamp)
  await Promise.all([
    chat.storage.ledger.settle(key, JSON.stringify({ conversation, offset, epoch })),
    touch(chat, conversation, message.timestamp),
    deliver(chat, conversation, message, offset),
    expireLater(chat, conversation, message, offset),
  ])
  return { offset, epoch }
}

/** Renews the retention of the conversation and of its records. */
export async function touch(chat: ChatContext, conversation: string, at: number): Promise<void> {
  await Promise.all([
    chat.storage.conversations.touch(conversation, at, chat.logTtl),
    chat.storage.amendments.keep(conversation, chat.logTtl),
  ])
}

async function deliver(chat: ChatContext, id: string, message: Message, offset: number): Promise<void> {
  const conversation = conversationOf(id)
  if (conversation.kind === 'private') return deliverPrivate(chat, id, conversation.users, message, offset)
  if (conversation.kind === 'room' && (message.mentions !== undefined || chat.listeners.length > 0)) {
    // Reading the members takes time, so a task does it after the reply.
    await schedule(chat, { kind: 'notify', conversation: id, offset, message }, chat.clock.now())
  }
}

/** Publishes to both inboxes, for all devices of the recipient and the sender's other devices. */
async function deliverPrivate(
  chat: ChatContext,
  conversation: string,
  users: readonly [string, string],
  message: Message,
  offset: number,
): Promise<void> {
  const [one, other] = users
  const event = { event: 'message', conversation, message, offset } as const
  const { conversations } = chat.storage
  const { timestamp } = message
  await Promise.all([
    ...[...new Set(users)].map((user) => publishOnce(chat, inbox(user), event, timestamp)),
    conversations.touchDirect(one, other, timestamp, chat.limits.directs),
    conversations.touchDirect(other, one, timestamp, chat.limits.directs),
  ])
  await notifyIfOffline(chat, message.to, conversation, message, offset)
}

/** Appends the integration event that push notifications are made from. */
export async function notifyIfOffline(
  chat: ChatContext,
  user: string,
  conversation: string,
  message: Message,
  offset: number,
): Promise<void> {
  if (user === message.from || !(await isOffline(chat, user))) return
  chat.observer.storedOffline()
  if (chat.listeners.length === 0) return
  const id = `${message.id}:${user}`
  await appendIntegrationEvent(chat, {
    id,
    at: message.timestamp,
    type: 'message.offline',
    user,
    conversation,
    offset,
    message,
  })
}

async function expireLater(
  chat: ChatContext,
  conversation: string,
  message: Message,
  offset: number,
): Promise<void> {
  const { expiresAt } = message
  if (expiresAt === undefined || message.type === 'broadcast') return
  await schedule(chat, { kind: 'expire', conversation, offset, message }, expiresAt)
}
