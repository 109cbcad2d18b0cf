/**
 * Unread messages of one conversation, computed from positions: what the server counted up to a position, and
 * those that came after it, each known by its offset. Nothing is added up, so nothing drifts.
 */
import type { ConversationView, Message, Target } from '../wire/shapes.ts'

/** Beyond it the server is asked again. */
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
  /** The server counted from further back than what was read here. */
  #behind = false
  readonly #after = new Map<number, Arrived>()

  constructor(me: string) {
    this.#me = me
  }

  get read(): number {
    return this.#read
  }

  /**
   * What the server counted, which is right up to its position, unless it has not heard yet how far was read
   * here.
   */
  view({ top, read, unread, mentions }: ConversationView): void {
    const upTo = top.offset
    const readHere = this.#read
    this.#behind = read < readHere && readHere < upTo
    this.#read = Math.max(read, readHere)
    this.#counted = readHere >= upTo ? { upTo, unread: 0, mentions: 0 } : { upTo, unread, mentions }
    this.#drop((offset) => offset <= upTo || offset <= this.#read)
  }

  /** The log is another one: offsets of before mean nothing. */
  forget(): void {
    this.#read = 0
    this.#after.clear()
  }

  /** False: too many to keep; the server should be asked. */
  message(message: Message, offset: number): boolean {
    if (message.from === this.#me || message.type === 'system') return true
    if (offset <= this.#counted.upTo || offset <= this.#read) return true
    const mention = message.mentions?.includes(this.#me) === true
    const expiresAt = message.expiresAt ?? Number.POSITIVE_INFINITY
    this.#after.set(offset, { id: message.id, mention, expiresAt })
    return this.#after.size <= MAX_COUNTED_MESSAGES
  }

  /** Deleted or hidden. False: it was among those that the server counted, which should be asked. */
  gone({ offset }: Target): boolean {
    if (this.#after.delete(offset)) return true
    return offset > this.#counted.upTo || offset <= this.#read || this.#counted.unread === 0
  }

  /**
   * The read cursor moved, here or as the server says. False: the server should be asked, as its count ends
   * elsewhere.
   */
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
