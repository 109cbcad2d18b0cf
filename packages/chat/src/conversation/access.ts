/** Permission to read and write in a conversation, checked on every call and every subscribe. */
import type { ChatContext } from '../context.ts'
import { ChatError } from '../errors.ts'
import type { Role, Standing } from '../ports.ts'
import { type Conversation, conversationOf, parseConversation, roomChannel } from './conversation.ts'

export interface Member extends Standing {
  readonly role: Role
}

export type Access =
  | { readonly conversation: Extract<Conversation, { kind: 'room' }>; readonly standing: Member }
  | {
      readonly conversation: Extract<Conversation, { kind: 'private' | 'broadcast' }>
      readonly standing?: never
    }

/** Throws `unknown_conversation`, `unknown_room`, `banned`, `not_member`. */
export async function demandReader(chat: ChatContext, user: string, id: string): Promise<Access> {
  const conversation = conversationOf(id)
  switch (conversation.kind) {
    case 'room':
      return { conversation, standing: await demandMember(chat, conversation.room, user) }
    case 'private':
      if (!conversation.users.includes(user)) throw new ChatError('not_member')
      return { conversation }
    case 'broadcast':
      return { conversation }
    default:
      return conversation satisfies never
  }
}

/** As {@link demandReader}, and `muted`, `archived`, `not_allowed`. */
export async function demandWriter(chat: ChatContext, user: string, id: string): Promise<Access> {
  const access = await demandReader(chat, user, id)
  if (access.conversation.kind === 'broadcast' && !chat.mayBroadcast(user)) throw new ChatError('not_allowed')
  if (access.standing === undefined) return access
  const { room, mutedUntil = 0 } = access.standing
  if (room.archivedAt !== undefined) throw new ChatError('archived')
  if (mutedUntil > chat.clock.now()) throw new ChatError('muted')
  return access
}

/** Throws `unknown_room`, `banned`, `not_member`. */
export async function demandMember(chat: ChatContext, room: string, user: string): Promise<Member> {
  const standing = await demandRoom(chat, room, user)
  const { role } = standing
  if (role === undefined) throw new ChatError(isBanned(standing, chat.clock.now()) ? 'banned' : 'not_member')
  return { ...standing, role }
}

/** Throws `unknown_room`. */
export async function demandRoom(chat: ChatContext, room: string, user: string): Promise<Standing> {
  if (parseConversation(roomChannel(room)) === undefined) throw new ChatError('unknown_room')
  const standing = await chat.storage.rooms.standing(room, user)
  if (standing === undefined) throw new ChatError('unknown_room')
  return standing
}

export function isBanned({ ban }: Standing, now: number): boolean {
  return ban !== undefined && (ban.until === undefined || ban.until > now)
}

const RANK: Readonly<Record<Role, number>> = { owner: 2, moderator: 1, member: 0 }

/** Throws as {@link demandMember}, and `not_allowed` for a role below `least`. */
export async function demandRole(
  chat: ChatContext,
  room: string,
  user: string,
  least: Role,
): Promise<Member> {
  const member = await demandMember(chat, room, user)
  if (RANK[member.role] < RANK[least]) throw new ChatError('not_allowed')
  return member
}

/** True when `actor` ranks above `subject`; equal ranks cannot act on each other. */
export function outranks(actor: Role, subject: Role | undefined): boolean {
  return RANK[actor] > (subject === undefined ? -1 : RANK[subject])
}
