/**
 * Events of chat's own work, for metrics. Every name comes from a closed set (methods, errors, kinds of
 * events, configured listeners), so each can be a label. Calls are on the message path: synchronous, cheap,
 * never throwing.
 */
import { ReplyError, Unavailable } from '@skein/core'
import { ChatError, type ChatErrorName } from './errors.ts'
import type { ChatEvent } from './events/chat-event.ts'

/**
 * The outcome of a client's call: `ok`, a chat error, a core error (`refused`), Redis unreachable
 * (`unavailable`), or an unexpected error (`internal`).
 */
export type CallOutcome = 'ok' | ChatErrorName | 'refused' | 'unavailable' | 'internal'

/** Destination of an event: a conversation, one user's inbox, or the watchers of a person. */
export type Place = 'conversation' | 'inbox' | 'people'

/** Reason of a dead letter: the message expired, a listener did not accept the event, or the task failed. */
export type DeadReason = 'expired' | 'not_taken' | 'given_up'

export interface ChatObserver {
  /** `method` is a method of docs/reference/chat.md, or `unknown`. */
  called(method: string, outcome: CallOutcome, ms: number): void
  /** An event was published. Repetitions that the broker recognised do not count. */
  published(event: ChatEvent['event'], place: Place): void
  /** A message went to the inbox of a user without a connected device. A repeated task counts again. */
  storedOffline(): void
  /** One attempt to deliver an event to a listener. `attempt` counts from 1. */
  attempted(listener: string, attempt: number, taken: boolean, ms: number): void
  deadLetter(reason: DeadReason): void
}

export const NO_OBSERVER: ChatObserver = {
  called: () => undefined,
  published: () => undefined,
  storedOffline: () => undefined,
  attempted: () => undefined,
  deadLetter: () => undefined,
}

export function outcomeOf(error: unknown): CallOutcome {
  if (error instanceof ChatError) return error.reason
  if (error instanceof ReplyError) return 'refused'
  return error instanceof Unavailable ? 'unavailable' : 'internal'
}

export function placeOf(channel: string): Place {
  if (channel.startsWith('#')) return 'inbox'
  return channel.startsWith('people:') ? 'people' : 'conversation'
}
