/** Exchange of receipts with the server: loads those of the others, and reports delivery to this device. */
import { toChatError } from '../errors.ts'
import { EVERYONE } from '../wire/names.ts'
import type { Context } from './context.ts'
import type { Receipts } from './receipts.ts'

/** Maximum members of a room with live receipts (CHAT_LIMITS.smallRoom). */
const SMALL_ROOM_MEMBERS = 50

export interface ReceiptSyncOptions {
  readonly conversation: string
  readonly context: Context
  readonly receipts: Receipts
  /** Members of the room; 0 for other conversations. */
  readonly members: () => number
}

export class ReceiptSync {
  readonly #options: ReceiptSyncOptions

  constructor(options: ReceiptSyncOptions) {
    this.#options = options
  }

  /** Best effort, since receipts are announced again as they change. */
  async load(): Promise<void> {
    if (!this.#isLive()) return
    const { conversation, context, receipts } = this.#options
    try {
      const { users } = await context.call('chat.receipts', { conversation })
      for (const { user, ...cursors } of users) receipts.move(user, cursors)
    } catch (thrown) {
      const error = toChatError(thrown)
      if (!error.unreached) context.problem(error)
    }
  }

  /** Reports delivery in direct conversations and small rooms, which show it. */
  delivered(offset: number): void {
    if (this.#isLive()) this.#options.context.delivered.report(this.#options.conversation, offset)
  }

  #isLive(): boolean {
    return this.#options.conversation !== EVERYONE && this.#options.members() <= SMALL_ROOM_MEMBERS
  }
}
