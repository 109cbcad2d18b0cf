/** What publications of chat carry. docs/reference/chat.md lists where each kind goes. */
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
      /** Of the change: unique, the same whoever repeats it. */
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

/** What is in the log of a conversation. */
export type LogEvent = Extract<ChatEvent, { event: 'message' | 'amended' }>

/** The same for every repetition of one event, so that it happens once; `undefined` where repeating does no harm. */
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
