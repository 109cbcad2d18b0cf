/** Events that chat publishes. The chat guide lists the channels of each kind. */
import type { Amendment, Message, Person, Target } from '../schema.ts'

export type ChatEvent =
  | {
      readonly event: 'message'
      readonly conversation: string
      readonly message: Message
      readonly offset?: number
    }
  | {
      readonly event: 'amended'
      readonly conversation: string
      /** Unique id of the change. A repetition has the same id. */
      readonly op: string
      readonly target: Target
      readonly by: string
      readonly amendment: Amendment
      readonly offset?: number
    }
  | {
      readonly event: 'typing'
      readonly conversation: string
      readonly user: string
      readonly active: boolean
      readonly expiresAt: number
    }
  | {
      readonly event: 'read' | 'delivered'
      readonly conversation: string
      readonly user: string
      readonly offset: number
      readonly at: number
    }
  | { readonly event: 'hidden'; readonly conversation: string; readonly op: string; readonly target: Target }
  | {
      readonly event: 'conversation'
      readonly conversation: string
      readonly op: string
      readonly change: 'added' | 'removed' | 'updated'
      readonly muted?: boolean
      readonly pinned?: boolean
      readonly reason?: 'joined' | 'left' | 'kicked' | 'banned'
    }
  | {
      readonly event: 'mention'
      readonly conversation: string
      readonly offset: number
      readonly id: string
      readonly from: string
      readonly body: string
    }
  | {
      readonly event: 'invited'
      readonly room: string
      readonly name: string
      readonly token: string
      readonly by: string
      readonly expiresAt: number
    }
  | ({ readonly event: 'presence' } & Person)

/** Events that the log of a conversation keeps. */
export type LogEvent = Extract<ChatEvent, { event: 'message' | 'amended' }>

/**
 * The idempotency key of an event, the same for each repetition. `undefined` where repetition is harmless.
 */
export function eventKey(event: ChatEvent): string | undefined {
  switch (event.event) {
    case 'message':
      return `m:${event.message.id}`
    case 'amended':
    case 'hidden':
    case 'conversation':
      return `${event.event.charAt(0)}:${event.op}`
    case 'mention':
      return `n:${event.id}`
    case 'invited':
      return `i:${event.token}`
    default:
      return undefined
  }
}
