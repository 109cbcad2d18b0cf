/**
 * Dead letters: undelivered messages and events, and failed tasks, kept with the reason for inspection and
 * replay.
 */
import type { ChatContext } from '../context.ts'
import { ChatError } from '../errors.ts'
import type { IntegrationEvent } from '../events/integration-event.ts'
import type { DeadReason } from '../observer.ts'
import type { Message } from '../schema.ts'
import { schedule } from '../tasks/durably.ts'
import { performSend } from '../tasks/send.ts'
import type { Task } from '../tasks/task.ts'

export type DeadLetter =
  /** It expired before any device of its recipient received it. */
  | {
      readonly kind: 'message'
      readonly reason: string
      readonly conversation: string
      readonly offset: number
      readonly message: Message
    }
  /** A listener did not accept it. */
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

/** Ids of letters, as Redis Streams assign them. */
const LETTER_ID = /^\d{1,20}-\d{1,20}$/

/** Page size of the search for one user's letters. */
const SEARCH_PAGE_SIZE = 200

/** Oldest first. With `user`, only letters that name this user as sender, recipient or actor. */
export async function listDeadLetters(
  chat: ChatContext,
  call: { readonly limit?: number; readonly cursor?: string; readonly user?: string } = {},
): Promise<{ readonly letters: readonly KeptLetter[]; readonly cursor?: string }> {
  const { limit = 50, user } = call
  if (call.cursor !== undefined && !LETTER_ID.test(call.cursor))
    throw new ChatError(
      'bad_request',
      'the cursor is not from this list: use the cursor of the previous page',
    )
  const letters: KeptLetter[] = []
  let { cursor } = call
  do {
    const most = user === undefined ? limit : SEARCH_PAGE_SIZE
    const page = await chat.storage.deadLetters.list({ limit: most, cursor })
    for (const { id, text } of page.items) {
      const letter = { ...(JSON.parse(text) as KeptLetter), id }
      if (user !== undefined && !concerns(letter, user)) continue
      if (letters.length === limit) return { letters, cursor: letters.at(-1)?.id ?? id }
      letters.push(letter)
    }
    cursor = page.cursor
  } while (cursor !== undefined && letters.length < limit)
  return { letters, ...(cursor !== undefined && { cursor: letters.at(-1)?.id ?? cursor }) }
}

function concerns(letter: KeptLetter, user: string): boolean {
  switch (letter.kind) {
    case 'message':
      return involved(letter).includes(user)
    case 'event':
      return involved(letter.event).includes(user)
    case 'task':
      return involved(letter.task).includes(user)
    default:
      return letter satisfies never
  }
}

/** The users that a letter names. */
function involved(what: {
  readonly user?: string
  readonly by?: string
  readonly message?: Message
  readonly operation?: { readonly by: string }
  readonly system?: { readonly by?: string }
}): readonly (string | undefined)[] {
  const { user, by, message, operation, system } = what
  return [user, by, message?.from, message?.to, operation?.by, system?.by]
}

/** Repeats the failed work and removes the letter. False when the letter does not exist. */
export async function replayDeadLetter(chat: ChatContext, id: string): Promise<boolean> {
  if (!LETTER_ID.test(id)) return false
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

/**
 * Sends a new message without expiry from the same sender. A repeated replay gets the same id, so it sends
 * once.
 */
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
