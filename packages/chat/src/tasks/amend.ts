import type { ChatContext } from '../context.ts'
import { amend } from '../conversation/amendments.ts'
import { conversationOf, inbox } from '../conversation/conversation.ts'
import type { ChatEvent } from '../events/chat-event.ts'
import { publishOnce } from '../events/publish.ts'
import type { Amendment } from '../schema.ts'
import type { TaskOf } from './task.ts'

/** Interval, in log offsets, at which records of evicted messages are removed. */
const TRIM_EVERY_OFFSETS = 100

/** Writes the record, then publishes the event: see `conversation/amendments.ts`. */
export async function performAmend(chat: ChatContext, task: TaskOf<'amend'>): Promise<Amendment> {
  const { conversation, operation, key } = task
  const amendment = await amend(chat, conversation, operation)
  if (operation.change.kind === 'hide') await hide(chat, task)
  else await announce(chat, task, amendment)
  await chat.storage.ledger.settle(key, JSON.stringify(amendment))
  return amendment
}

async function hide(chat: ChatContext, { conversation, operation }: TaskOf<'amend'>): Promise<void> {
  const { op, target, by, at } = operation
  await publishOnce(chat, inbox(by), { event: 'hidden', conversation, op, target }, at)
}

async function announce(chat: ChatContext, task: TaskOf<'amend'>, amendment: Amendment): Promise<void> {
  const { conversation: id, operation } = task
  const { op, target, by, at } = operation
  const event: ChatEvent = { event: 'amended', conversation: id, op, target, by, amendment }
  const { offset } = await publishOnce(chat, id, event, at)
  const conversation = conversationOf(id)
  if (conversation.kind === 'private') {
    const users = [...new Set(conversation.users)]
    await Promise.all(users.map((user) => publishOnce(chat, inbox(user), { ...event, offset }, at)))
  }
  await chat.storage.amendments.keep(id, chat.logTtl)
  if (offset % TRIM_EVERY_OFFSETS === 0) await chat.storage.amendments.trim(id, offset - chat.logSize)
}
