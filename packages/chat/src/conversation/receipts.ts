/** Read and delivered cursors: validation of a receipt, and its announcement to other users. */
import type { StreamPosition } from '@skein/protocol'
import type { ChatContext } from '../context.ts'
import { ChatError } from '../errors.ts'
import { publish, publishPassing } from '../events/publish.ts'
import type { Cursor } from '../ports.ts'
import { type Access, demandReader } from './access.ts'
import { inbox } from './conversation.ts'
import { readAt } from './log.ts'

export interface Receipt {
  readonly conversation: string
  readonly offset: number
  /** Of the message there. */
  readonly id?: string
}

export interface Place {
  readonly access: Access
  readonly cursor: Cursor
  readonly top: StreamPosition
}

/** Throws as `demandReader`, and `receipt_future`, `receipt_mismatch`. */
export async function placeOf(chat: ChatContext, user: string, receipt: Receipt): Promise<Place> {
  const access = await demandReader(chat, user, receipt.conversation)
  const { top, entry } = await readAt(chat, receipt.conversation, receipt.offset)
  if (receipt.offset > top.offset) throw new ChatError('receipt_future')
  const message = entry?.event.event === 'message' ? entry.event.message : undefined
  if (receipt.id !== undefined && message?.id !== receipt.id) throw new ChatError('receipt_mismatch')
  const at = message?.timestamp ?? chat.clock.now()
  return { access, top, cursor: { offset: receipt.offset, epoch: top.epoch, at } }
}

/** Receipts may repeat and overtake each other, so a receiver keeps the highest offset. */
export async function announce(
  chat: ChatContext,
  { conversation }: Access,
  event: 'read' | 'delivered',
  user: string,
  offset: number,
): Promise<void> {
  const receiptEvent = { event, conversation: conversation.id, user, offset, at: chat.clock.now() } as const
  const kept = (to: string) => publish(chat, inbox(to), receiptEvent)
  switch (conversation.kind) {
    case 'private':
      await Promise.all([...new Set(conversation.users)].map(kept))
      return
    case 'room':
      // The user's other devices count unread messages by it. Other members are notified in small rooms only.
      if (event === 'read') await kept(user)
      if (await isSmall(chat, conversation.room)) await publishPassing(chat, conversation.id, receiptEvent)
      return
    case 'broadcast':
      if (event === 'read') await kept(user)
      return
    default:
      conversation satisfies never
  }
}

async function isSmall(chat: ChatContext, room: string): Promise<boolean> {
  const [record] = await chat.storage.rooms.get([room])
  return record !== undefined && record.members <= chat.limits.smallRoom
}

/**
 * The offset of a cursor in the log with this top. Offsets continue over epochs unless the whole log was
 * lost. A cursor beyond the top therefore belongs to a lost log and counts as 0.
 */
export function offsetIn(top: StreamPosition, cursor: Cursor | undefined): number {
  if (cursor === undefined) return 0
  return cursor.epoch === top.epoch || cursor.offset <= top.offset ? cursor.offset : 0
}
