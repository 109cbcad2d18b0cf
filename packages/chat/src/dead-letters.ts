/** What could not be delivered or done: kept with its reason, to be read and replayed. */
import type { ChatContext } from './context.ts'
import type { IntegrationEvent } from './integration-event.ts'
import type { DeadReason } from './observer.ts'
import type { Message } from './schema.ts'
import { schedule } from './tasks/durably.ts'
import { performSend } from './tasks/send.ts'
import type { Task } from './tasks/task.ts'

export type DeadLetter =
  /** Its time was over before any of the recipient's devices had it. */
  | {
      readonly kind: 'message'
      readonly reason: string
      readonly conversation: string
      readonly offset: number
      readonly message: Message
    }
  /** A listener did not take it. */
  | {
      readonly kind: 'event'
      readonly reason: string
      readonly listener: string
      readonly event: IntegrationEvent
    }
  | { readonly kind: 'task'; readonly reason: string; readonly task: Task }

export type KeptLetter = DeadLetter & { readonly id: string; readonly at: number }

export async function addDeadLetter(chat: ChatContext, once: string, letter: DeadLetter): Promise<void> {
  const text = JSON.stringify({ ...letter, at: chat.clock.now() })
  if (await chat.storage.deadLetters.add(once, text)) chat.observer.deadLetter(REASON[letter.kind])
}

const REASON: Readonly<Record<DeadLetter['kind'], DeadReason>> = {
  message: 'expired',
  event: 'not_taken',
  task: 'given_up',
}

/** Oldest first. `user`: those of messages from or to that user. */
export async function listDeadLetters(
  chat: ChatContext,
  call: { readonly limit?: number; readonly cursor?: string; readonly user?: string } = {},
): Promise<{ readonly letters: readonly KeptLetter[]; readonly cursor?: string }> {
  const { limit = 50, cursor, user } = call
  const page = await chat.storage.deadLetters.list({ limit, cursor })
  const letters = page.items.map(({ id, text }) => ({ ...(JSON.parse(text) as KeptLetter), id }))
  return {
    letters: user === undefined ? letters : letters.filter((letter) => concerns(letter, user)),
    ...(page.cursor !== undefined && { cursor: page.cursor }),
  }
}

function concerns(letter: KeptLetter, user: string): boolean {
  return letter.kind === 'message' && (letter.message.from === user || letter.message.to === user)
}

/** Tries again what the letter tells of, and removes it. False when there is no such letter. */
export async function replayDeadLetter(chat: ChatContext, id: string): Promise<boolean> {
  const text = await chat.storage.deadLetters.get(id)
  if (text === undefined) return false
  await replay(chat, id, JSON.parse(text) as KeptLetter)
  await chat.storage.deadLetters.remove(id)
  return true
}

async function replay(chat: ChatContext, id: string, letter: DeadLetter): Promise<void> {
  switch (letter.kind) {
    case 'message':
      return resend(chat, id, letter.conversation, letter.message)
    case 'event':
      return chat.storage.events.append(JSON.stringify({ ...letter.event, only: letter.listener }))
    case 'task':
      return schedule(chat, letter.task, chat.clock.now())
    default:
      return letter satisfies never
  }
}

/** A new message without end, from the same sender. Its id comes from the letter's, so a repeated replay is one message. */
async function resend(
  chat: ChatContext,
  letter: string,
  conversation: string,
  message: Message,
): Promise<void> {
  const key = `replay:${letter}`
  const proposed = { id: chat.newId(), at: chat.clock.now() }
  const { id, at } = await chat.storage.ledger.reserve(key, proposed, chat.limits.idempotencyTtl)
  const { expiresAt: _, ...rest } = message
  const type = conversation.startsWith('dm:') ? 'private' : 'room'
  await performSend(chat, { kind: 'send', conversation, key, message: { ...rest, type, id, timestamp: at } })
}
