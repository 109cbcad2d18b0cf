/** Names of conversations, as docs/reference/chat.md defines them. */
import type { To } from '../calls.ts'

export const EVERYONE = 'chat:@everyone'

export const roomConversation = (room: string): string => `chat:${room}`

export const inboxOf = (user: string): string => `#${user}`

/** The name of a direct conversation, the same for both users. */
export function directConversation(one: string, other: string): string {
  const [a = '', b = ''] = [encodeURIComponent(one), encodeURIComponent(other)].sort()
  return `dm:${a}:${b}`
}

/** The addressee of messages in this conversation. Throws an `Error` for an invalid name. */
export function addressee(conversation: string, me: string): To {
  if (conversation === EVERYONE) return { everyone: true }
  const [kind, a, b] = conversation.split(':')
  if (kind === 'chat' && a !== undefined) return { room: a }
  if (kind === 'dm' && a !== undefined && b !== undefined) {
    const [one, other] = [decodeURIComponent(a), decodeURIComponent(b)]
    return { user: one === me ? other : one }
  }
  throw new Error(`${JSON.stringify(conversation)} is not the name of a conversation`)
}
