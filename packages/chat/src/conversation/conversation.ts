/** Names of conversations. A name is the channel of the conversation's log. */
import { ChatError } from '../errors.ts'

export const EVERYONE = 'chat:@everyone'

export type Conversation =
  | { readonly kind: 'room'; readonly id: string; readonly room: string }
  /** `users` in the order of the name; both are the same user for notes to oneself. */
  | { readonly kind: 'private'; readonly id: string; readonly users: readonly [string, string] }
  | { readonly kind: 'broadcast'; readonly id: string }

const ROOM = /^chat:([a-z0-9]{1,32})$/
const DIRECT = /^dm:([^:]+):([^:]+)$/

export function roomChannel(room: string): string {
  return `chat:${room}`
}

export function peopleChannel(user: string): string {
  return `people:${encodeURIComponent(user)}`
}

export function inbox(user: string): string {
  return `#${user}`
}

/** The log of a direct conversation. The users are sorted, so both sides get the same name. */
export function directChannel(one: string, other: string): string {
  const [a = '', b = ''] = [encodeURIComponent(one), encodeURIComponent(other)].sort()
  return `dm:${a}:${b}`
}

/** `undefined` for a name that is invalid or not in its canonical form. */
export function parseConversation(id: string): Conversation | undefined {
  if (id === EVERYONE) return { kind: 'broadcast', id }
  const room = ROOM.exec(id)?.[1]
  if (room !== undefined) return { kind: 'room', id, room }
  const [, a, b] = DIRECT.exec(id) ?? []
  if (a === undefined || b === undefined) return undefined
  const users = [decoded(a), decoded(b)] as const
  if (users[0] === undefined || users[1] === undefined) return undefined
  return directChannel(users[0], users[1]) === id
    ? { kind: 'private', id, users: [users[0], users[1]] }
    : undefined
}

/** Throws `unknown_conversation`. */
export function conversationOf(id: string): Conversation {
  const conversation = parseConversation(id)
  if (conversation === undefined) throw new ChatError('unknown_conversation')
  return conversation
}

/** The other user; the same user in notes to oneself. */
export function otherSide(users: readonly [string, string], user: string): string {
  return users[0] === user ? users[1] : users[0]
}

function decoded(text: string): string | undefined {
  try {
    const user = decodeURIComponent(text)
    return user.isWellFormed() ? user : undefined
  } catch {
    return undefined // Invalid percent-encoding: the caller replies `unknown_conversation`.
  }
}
