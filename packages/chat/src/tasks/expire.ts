import type { ChatContext } from '../context.ts'
import { parseConversation } from '../conversation/conversation.ts'
import { addDeadLetter } from '../listeners/dead-letters.ts'
import type { TaskOf } from './task.ts'

/** Keeps a dead letter when a message expired before any device of its recipient received it. */
export async function performExpire(chat: ChatContext, task: TaskOf<'expire'>): Promise<void> {
  const { conversation, offset, message } = task
  if (parseConversation(conversation)?.kind !== 'private' || message.to === message.from) return
  const [cursors] = await chat.storage.cursors.of(message.to, [conversation])
  const reached = Math.max(cursors?.delivered?.offset ?? 0, cursors?.read?.offset ?? 0)
  if (reached >= offset) return
  const reason = 'expired before any device of the recipient received it'
  await addDeadLetter(chat, `expired:${message.id}`, {
    kind: 'message',
    reason,
    conversation,
    offset,
    message,
  })
}
