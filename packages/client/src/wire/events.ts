/** Events that chat publishes, as docs/reference/chat.md lists them. */
import type { Amendment, Message, Person, Target } from './shapes.ts'

export type ServerEvent =
  | {
      readonly event: 'message'
      readonly conversation: string
      readonly message: Message
      readonly offset?: number
    }
  | {
      readonly event: 'amended'
      readonly conversation: string
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
  | { readonly event: 'hidden'; readonly conversation: string; readonly target: Target }
  | {
      readonly event: 'conversation'
      readonly conversation: string
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

type Of<K extends ServerEvent['event']> = Extract<ServerEvent, { event: K }>
export type MessageEvent = Of<'message'>
export type AmendedEvent = Of<'amended'>
export type TypingEvent = Of<'typing'>
export type ReceiptEvent = Of<'read' | 'delivered'>
export type HiddenEvent = Of<'hidden'>
export type ConversationEvent = Of<'conversation'>
export type MentionEvent = Of<'mention'>
export type InvitedEvent = Of<'invited'>

const KINDS: ReadonlySet<unknown> = new Set<ServerEvent['event']>([
  'message',
  'amended',
  'typing',
  'read',
  'delivered',
  'hidden',
  'conversation',
  'mention',
  'invited',
  'presence',
])

/**
 * The event in a publication; `undefined` for other data and for kinds of a newer server. Other members are
 * not checked, since only the server writes to chat's channels.
 */
export function parseServerEvent(data: unknown): ServerEvent | undefined {
  if (typeof data !== 'object' || data === null || !('event' in data)) return undefined
  return KINDS.has(data.event) ? (data as ServerEvent) : undefined
}
