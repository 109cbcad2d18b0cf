/**
 * What chat tells of its own work as it does it: for metrics. Every argument that names something comes from a closed set
 * (methods, errors, kinds of events, configured listeners), so each may become a label. Called on the way of messages:
 * synchronous, cheap, never throwing.
 */
import { ReplyError, Unavailable } from '@skein/core'
import { ChatError, type ChatErrorName } from './errors.ts'
import type { ChatEvent } from './events/chat-event.ts'

/**
 * How a client's call ended: well, with a row of chat's errors, with one of core's (`refused`), because Redis was away
 * (`unavailable`), or as nobody foresaw (`internal`).
 */
export type CallOutcome = 'ok' | ChatErrorName | 'refused' | 'unavailable' | 'internal'

/** Where an event went: the log of a conversation or those who read it now, one user's inbox, or who watches a person. */
export type Place = 'conversation' | 'inbox' | 'people'

/** Why there is a dead letter: a message's time was over, a listener did not take an event, a task could not be done. */
export type DeadReason = 'expired' | 'not_taken' | 'given_up'

export interface ChatObserver {
  /** `method`: of the list in docs/reference/chat.md, or `unknown`. */
  called(method: string, outcome: CallOutcome, ms: number): void
  /** An event went out, once; repetitions that the broker recognised are left out. */
  published(event: ChatEvent['event'], place: Place): void
  /** A message went to the inbox of somebody none of whose devices was connected. Counted again where its work is repeated. */
  storedOffline(): void
  /** One attempt to bring an event to a listener. `attempt` counts from 1. */
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
