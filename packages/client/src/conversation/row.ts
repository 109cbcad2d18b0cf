import type { Unsent } from '../sending/outbox.ts'
import { EVERYONE } from '../wire/names.ts'
import type { ConversationView, Item } from '../wire/shapes.ts'
import { MessageList } from './messages.ts'
import type { Receipts } from './receipts.ts'
import type { ConversationState } from './state.ts'

export interface RowInput {
  readonly id: string
  readonly me: string
  readonly view: ConversationView | undefined
  /** The other user of a direct conversation. */
  readonly other: Pick<ConversationState, 'with'>
  readonly last: Item | undefined
  readonly unsent: readonly Unsent[]
  readonly receipts: Receipts
  readonly unread: Pick<ConversationState, 'unread' | 'mentions' | 'read'>
  readonly online: boolean
}

/** The row of a conversation in the list. */
export function rowOf({
  id,
  me,
  view,
  other,
  last: item,
  unsent,
  receipts,
  unread,
  online,
}: RowInput): ConversationState {
  const items = item === undefined ? [] : [item]
  const last = new MessageList().make({ me, items, sent: [], unsent, receipts, online }).at(-1)
  return {
    id,
    type: view?.type ?? (id.startsWith('dm:') ? 'private' : id === EVERYONE ? 'broadcast' : 'room'),
    ...other,
    ...(view?.room && { room: view.room }),
    ...(view?.role && { role: view.role }),
    ...(last && { last }),
    ...unread,
    muted: view?.muted ?? false,
    pinned: view?.pinned ?? false,
    at: last?.item.timestamp ?? view?.room?.createdAt ?? 0,
  }
}

export const isExpired = ({ expiresAt = Number.POSITIVE_INFINITY }: Item, now: number): boolean =>
  expiresAt <= now
