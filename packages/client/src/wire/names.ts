/** The names of conversations, as docs/reference/chat.md has them. */
import type { To } from '../calls.ts'

export const EVERYONE = 'chat:@everyone'

export const roomConversation = (room: string): string => `chat:${room}`

export const inboxOf = (user: string): string => `#${user}`

/** Of two users; the same for both sides. */
export function directConversation(one: string, other: string): string {
  const [a = '', b = ''] = [encodeURIComponent(one), encodeURIComponent(other)].sort()
  return `dm:${a}:${b}`
}

/** Where a message for this conversation is sent. Throws for what is no conversation's name. */
export function addressee(conversation: string, me: string): To {
  if (conversation === EVERYONE) return { everyone: true }
  const [kind, a, b] = conversation.split(':')
  if (kind === 'chat' && a !== undefined) return { room: a }
  if (kind === 'dm' && a !== undefined && b !== undefined) {
    const [one, other] = [decodeURIComponent(a), decodeURIComponent(b)]
    return { user: one === me ? other : one }
  }
  throw new Error(`${conversation} is no conversation`)
}
