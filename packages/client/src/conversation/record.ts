/**
 * The known state of a conversation, updated by server events. The application uses it through
 * `Conversation`.
 */

import type { SendReply } from '../calls.ts'
import { toChatError } from '../errors.ts'
import type { Unsent } from '../sending/outbox.ts'
import { Computed } from '../util/store.ts'
import type {
  AmendedEvent,
  ConversationEvent,
  HiddenEvent,
  MessageEvent,
  ReceiptEvent,
  TypingEvent,
} from '../wire/events.ts'
import type { ConversationView, Item } from '../wire/shapes.ts'
import { amend, itemOf } from './amend.ts'
import type { Context } from './context.ts'
import { ExpiryTimer } from './expiry-timer.ts'
import { History } from './history.ts'
import { MessageList } from './messages.ts'
import { OwnMessages } from './own-messages.ts'
import { Quotes } from './quotes.ts'
import { ReceiptSync } from './receipt-sync.ts'
import { Receipts } from './receipts.ts'
import { roomAfter } from './room-after.ts'
import { isExpired, rowOf } from './row.ts'
import type { ConversationState, TimelineState } from './state.ts'
import type { Timeline } from './timeline.ts'
import { TypingNotice, Typists } from './typing.ts'
import { Unread } from './unread.ts'

export class ConversationRecord {
  readonly id: string
  readonly #context: Context
  readonly history: History
  readonly #timeline: Timeline
  readonly #unread: Unread
  readonly #receipts: Receipts
  readonly #typists: Typists
  readonly notice: TypingNotice
  readonly quotes: Quotes
  readonly #messages = new MessageList()
  #view: ConversationView | undefined
  #last: Item | undefined
  #opened = false
  readonly #own: OwnMessages
  readonly #receiptSync: ReceiptSync
  readonly #expiry = new ExpiryTimer(() => this.changed())

  readonly state: Computed<ConversationState>
  readonly timeline: Computed<TimelineState>
  readonly typists: Computed<readonly string[]>

  constructor(id: string, context: Context) {
    this.id = id
    this.#context = context
    this.history = new History({
      conversation: id,
      call: context.call,
      loaded: () => this.#loaded(),
      changed: () => this.changed(),
    })
    this.#timeline = this.history.timeline
    this.quotes = new Quotes({
      conversation: id,
      call: context.call,
      online: context.online,
      problem: context.problem,
      changed: () => this.timeline.changed(),
    })
    this.#unread = new Unread(context.me)
    this.#receipts = new Receipts(context.me)
    this.#own = new OwnMessages({ conversation: id, me: context.me, outbox: context.outbox })
    this.#receiptSync = new ReceiptSync({
      conversation: id,
      context,
      receipts: this.#receipts,
      members: () => this.#view?.room?.members ?? 0,
    })
    this.#typists = new Typists(context.now)
    this.notice = new TypingNotice(context.call, id, context.now)
    this.typists = this.#typists.state
    this.state = new Computed(() => this.#row())
    this.timeline = new Computed(() => this.#stretch())
  }

  /** True once the server has described the conversation. */
  get known(): boolean {
    return this.#view !== undefined
  }

  get view(): ConversationView | undefined {
    return this.#view
  }

  /** Loads the newest messages, at once or with the next connection, and keeps them. */
  open(): void {
    this.#opened = true
    if (this.#context.online()) void this.history.load()
  }

  /** Marks messages up to this offset as read. */
  read(offset: number): void {
    if (offset <= this.#unread.read) return
    const exact = this.#unread.moved(offset)
    this.#context.read.report(this.id, offset)
    this.changed()
    if (!exact) void this.refresh()
  }

  readers(offset: number): string[] {
    return this.#receipts.readers(offset)
  }

  /** Takes in the server's description. */
  show(view: ConversationView): void {
    if (this.#view !== undefined && this.#view.top.epoch !== view.top.epoch && this.#view.top.epoch !== '') {
      this.#forget()
    }
    this.#view = view
    this.#last = newer(view.last, this.#last, view.top.offset)
    this.#unread.view(view)
    if (view.with !== undefined && view.peer !== undefined) this.#receipts.move(view.with, view.peer)
    if (view.unread > 0) this.#receiptSync.delivered(view.top.offset)
    this.changed()
  }

  /** Asks the server for the description. */
  async refresh(): Promise<void> {
    try {
      this.show(await this.#context.call('chat.conversation', { conversation: this.id }))
    } catch (thrown) {
      const error = toChatError(thrown)
      if (['unknown_room', 'not_member', 'banned'].includes(error.reason)) this.#context.removed(this.id)
      else if (!error.unreached) this.#context.problem(error)
    }
  }

  /** Reloads receipts, which have no history, or the newest page of an opened conversation. */
  online(): void {
    this.#typists.clear()
    this.quotes.fetch()
    if (this.#opened) void (this.#timeline.loaded ? this.#loadReceipts() : this.history.load())
    this.changed()
  }

  offline(): void {
    this.#typists.clear()
    this.changed()
  }

  /** Publications were lost, so everything is reloaded. */
  lost(): void {
    this.#forget()
    if (this.#opened) void this.history.load()
    this.changed()
  }

  message({ message }: MessageEvent, offset: number): boolean {
    const isNew = this.#timeline.message(message, offset)
    this.#typists.stop(message.from)
    if (message.from === this.#context.me) this.#own.arrived(message.clientId)
    else this.#receiptSync.delivered(offset)
    const fromOthers = this.#unread.message(message, offset)
    if (offset > (this.#last?.offset ?? 0)) this.#last = itemOf(message, offset)
    this.#roomChanged(message.system, message.timestamp, offset)
    this.changed()
    if (!fromOthers) void this.refresh()
    return isNew
  }

  amended({ target, amendment }: AmendedEvent): void {
    this.#timeline.amended(target, amendment)
    this.quotes.amended(target, amendment)
    if (this.#last?.id === target.id) this.#last = amend(this.#last, amendment)
    this.#own.amended(target, amendment)
    const exact = amendment.deletedAt === undefined || this.#unread.gone(target)
    this.changed()
    if (!exact) void this.refresh()
  }

  hidden({ target }: HiddenEvent): void {
    this.#timeline.hidden(target)
    this.quotes.hidden(target)
    const exact = this.#unread.gone(target)
    const wasLast = this.#last?.id === target.id
    if (wasLast) this.#last = undefined
    this.changed()
    if (!exact || wasLast) void this.refresh()
  }

  receipt({ event, user, offset }: ReceiptEvent): void {
    if (user === this.#context.me) {
      if (event === 'read' && !this.#unread.moved(offset)) void this.refresh()
    } else this.#receipts.move(user, { [event]: offset })
    this.changed()
  }

  typingOf({ user, active, expiresAt }: TypingEvent): void {
    if (user !== this.#context.me) this.#typists.typing(user, active, expiresAt)
  }

  conversation({ muted, pinned }: ConversationEvent): void {
    if (muted === undefined && pinned === undefined) void this.refresh()
    else this.flags({ muted, pinned })
  }

  /** A message in the outbox changed. With `reply`, it was sent and left the outbox. */
  unsent(entry: Unsent, reply: SendReply | undefined): void {
    if (reply !== undefined && !this.#hasSeen(entry.clientId)) {
      const item = this.#own.acknowledge(entry, reply)
      if (item.offset > (this.#last?.offset ?? 0)) this.#last = item
    }
    this.changed()
  }

  dispose(): void {
    this.#expiry.stop()
    this.#typists.clear()
  }

  // ── inside ──

  #hasSeen(clientId: string): boolean {
    const { me } = this.#context
    return this.#timeline.items.some((item) => item.clientId === clientId && item.from === me)
  }

  /** Runs when the newest page is loaded. */
  async #loaded(): Promise<void> {
    for (const item of this.#timeline.items)
      if (item.from === this.#context.me) this.#own.arrived(item.clientId)
    await this.#loadReceipts()
  }

  async #loadReceipts(): Promise<void> {
    await this.#receiptSync.load()
    this.timeline.changed()
  }

  /** Sets the flags of the conversation in the list. */
  flags({
    muted,
    pinned,
  }: {
    readonly muted?: boolean | undefined
    readonly pinned?: boolean | undefined
  }): void {
    if (this.#view === undefined) return
    this.#view = { ...this.#view, muted: muted ?? this.#view.muted, pinned: pinned ?? this.#view.pinned }
    this.changed()
  }

  #roomChanged(system: Item['system'], at: number, offset: number): void {
    if (system === undefined || this.#view?.room === undefined || offset <= this.#view.top.offset) return
    this.#view = roomAfter(this.#view, system, at, this.#context.me)
    if (system.user !== undefined && ['left', 'kicked', 'banned'].includes(system.kind)) {
      this.#receipts.remove(system.user)
    }
  }

  /** Offset of the newest message. */
  newest(): number {
    return Math.max(this.#last?.offset ?? 0, this.#timeline.items.at(-1)?.offset ?? 0)
  }

  #forget(): void {
    this.history.forget()
    this.quotes.clear()
    this.#unread.forget()
    this.#receipts.clear()
    this.#last = undefined
    this.#context.read.forget(this.id)
    this.#context.delivered.forget(this.id)
  }

  /** Notifies listeners of a visible change. */
  changed(): void {
    this.state.changed()
    this.timeline.changed()
    this.#context.touched()
  }

  #stretch(): TimelineState {
    this.#expire()
    const { me, online } = this.#context
    const { items } = this.#timeline
    const { unsent, acknowledged: sent } = this.#own
    const receipts = this.#receipts
    const { error } = this.history
    return {
      messages: this.#messages.make({ me, items, sent, unsent, receipts, online: online() }),
      loaded: this.#timeline.loaded,
      loadingOlder: this.history.loadingOlder,
      complete: this.#timeline.complete,
      ...(error && { error }),
    }
  }

  #row(): ConversationState {
    const { now, me, online, otherOf } = this.#context
    return rowOf({
      id: this.id,
      me,
      view: this.view,
      other: otherOf(this.id),
      last: this.#last === undefined || isExpired(this.#last, now()) ? undefined : this.#last,
      unsent: this.#own.unsent,
      receipts: this.#receipts,
      unread: { ...this.#unread.count(now()), read: this.#unread.read },
      online: online(),
    })
  }

  /** Removes expired messages and schedules the next expiry. */
  #expire(): void {
    const now = this.#context.now()
    this.#timeline.expire(now)
    this.#expiry.schedule(this.#timeline.items, now)
  }
}

/** The server's last message, or a known one beyond the server's position. */
function newer(viewed: Item | undefined, known: Item | undefined, top: number): Item | undefined {
  return known !== undefined && known.offset > top ? known : viewed
}
