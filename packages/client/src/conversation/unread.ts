/**
 * Unread messages of one conversation, computed from positions: the server's count up to a position, and
 * later messages by their offset. No counter is incremented, so the result cannot drift.
 */
import type { ConversationView, Message, Target } from '../wire/shapes.ts'

/** Above this number of later messages the client asks the server. */
const MAX_COUNTED_MESSAGES = 1000

interface Arrived {
  readonly id: string
  readonly mention: boolean
  readonly expiresAt: number
}

export class Unread {
  readonly #me: string
  #counted = { upTo: 0, unread: 0, mentions: 0 }
  #read = 0
  /** True when the server's count began before the local read cursor. */
  #behind = false
  readonly #after = new Map<number, Arrived>()

  constructor(me: string) {
    this.#me = me
  }

  get read(): number {
    return this.#read
  }

  /**
   * Takes in the server's count, which is exact unless the server does not know the local read cursor yet.
   */
  view({ top, read, unread, mentions }: ConversationView): void {
    const upTo = top.offset
    const readHere = this.#read
    this.#behind = read < readHere && readHere < upTo
    this.#read = Math.max(read, readHere)
    this.#counted = readHere >= upTo ? { upTo, unread: 0, mentions: 0 } : { upTo, unread, mentions }
    this.#drop((offset) => offset <= upTo || offset <= this.#read)
  }

  /** Resets for another log, whose offsets are unrelated. */
  forget(): void {
    this.#read = 0
    this.#after.clear()
  }

  /** Returns false when there are too many messages to keep, and the server should be asked. */
  message(message: Message, offset: number): boolean {
    if (message.from === this.#me || message.type === 'system') return true
    if (offset <= this.#counted.upTo || offset <= this.#read) return true
    const mention = message.mentions?.includes(this.#me) === true
    const expiresAt = message.expiresAt ?? Number.POSITIVE_INFINITY
    this.#after.set(offset, { id: message.id, mention, expiresAt })
    return this.#after.size <= MAX_COUNTED_MESSAGES
  }

  /**
   * A message was deleted or hidden. Returns false if the server's count included it, and the server should
   * be asked.
   */
  gone({ offset }: Target): boolean {
    if (this.#after.delete(offset)) return true
    return offset > this.#counted.upTo || offset <= this.#read || this.#counted.unread === 0
  }

  /** The read cursor moved. Returns false if the server should be asked, since its count ends elsewhere. */
  moved(offset: number): boolean {
    if (offset <= this.#read) return !this.#behind
    this.#read = offset
    this.#drop((at) => at <= offset)
    if (offset >= this.#counted.upTo) this.#counted = { upTo: this.#counted.upTo, unread: 0, mentions: 0 }
    return offset >= this.#counted.upTo || this.#counted.unread === 0
  }

  count(now: number): { readonly unread: number; readonly mentions: number } {
    let { unread, mentions } = this.#counted
    for (const { mention, expiresAt } of this.#after.values()) {
      if (expiresAt <= now) continue
      unread++
      if (mention) mentions++
    }
    return { unread, mentions }
  }

  #drop(which: (offset: number) => boolean): void {
    for (const offset of [...this.#after.keys()]) if (which(offset)) this.#after.delete(offset)
  }
}
