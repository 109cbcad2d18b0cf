/**
 * The loaded stretch of a conversation's log: from its oldest loaded message to the newest, without holes,
 * each message once. Grows backwards by pages and forwards by events. Pure: no calls, no clock.
 *
 * Events of a direct conversation come by the inbox, where two senders' messages may stand in another order
 * than in the log, so an event is put where its offset says, and "already there" is decided by offset alone.
 */

import type { HistoryReply } from '../calls.ts'
import { Recent } from '../util/recent.ts'
import type { Amendment, Item, Message, Target } from '../wire/shapes.ts'
import { amend, itemOf } from './amend.ts'

/** Changes remembered for messages that are not loaded: a page read before the change may arrive after it. */
const MAX_REMEMBERED_CHANGES = 500
/** Messages that arrive while the newest page is on its way. */
const MAX_WAITING_MESSAGES = 500

export class Timeline {
  #items: readonly Item[] = []
  #state: 'empty' | 'loading' | 'loaded' = 'empty'
  #epoch: string | undefined
  #next: number | undefined
  readonly #waiting = new Recent<number, Item>(MAX_WAITING_MESSAGES)
  readonly #arrived: Item[] = []
  readonly #amendments = new Recent<string, Amendment>(MAX_REMEMBERED_CHANGES)
  readonly #hidden = new Recent<string, true>(MAX_REMEMBERED_CHANGES)

  /** Ascending by offset. The same array until something changes. */
  get items(): readonly Item[] {
    return this.#items
  }

  get loaded(): boolean {
    return this.#state === 'loaded'
  }

  /** Nothing older is kept. */
  get complete(): boolean {
    return this.loaded && this.#next === undefined
  }

  /** For the next older page; `undefined` when there is none, or nothing is loaded. */
  get before(): number | undefined {
    return this.#next
  }

  /** The newest page is asked for: what arrives from now on is kept for it. */
  expect(): void {
    if (this.#state === 'empty') this.#state = 'loading'
  }

  /**
   * The newest page. Replaces what was loaded, unless that is the same stretch's end (see {@link catchUp}).
   */
  newest(page: HistoryReply): void {
    const waiting = this.#arrived.filter(({ offset }) => offset > page.top.offset)
    this.reset()
    this.#state = 'loaded'
    this.#epoch = page.top.epoch
    this.#next = page.next
    this.#items = this.#asNow([...page.items, ...waiting])
  }

  /** The page before `before`. A page that another was faster than is passed over. */
  older(page: HistoryReply, before: number): void {
    if (!this.loaded || before !== this.#next || page.top.epoch !== this.#epoch) return
    this.#next = page.next
    this.#items = this.#asNow([...page.items, ...this.#items])
  }

  /** Forgets everything: the log is another one, or something was lost. */
  reset(): void {
    this.#state = 'empty'
    this.#items = []
    this.#next = undefined
    this.#arrived.length = 0
    this.#waiting.clear()
  }

  /** True when the message is new here. */
  message(message: Message, offset: number): boolean {
    const item = itemOf(message, offset)
    if (this.#state === 'loading' && !this.#waiting.has(offset)) {
      this.#waiting.set(offset, item)
      this.#arrived.push(item)
      if (this.#arrived.length > MAX_WAITING_MESSAGES) this.#arrived.shift()
    }
    if (!this.loaded || this.#isBefore(offset) || this.#hidden.has(item.id)) return false
    const at = placeOf(this.#items, offset)
    if (this.#items[at - 1]?.offset === offset) return false
    const now = this.#amended(item)
    this.#items = at === this.#items.length ? [...this.#items, now] : this.#items.toSpliced(at, 0, now)
    return true
  }

  amended(target: Target, amendment: Amendment): void {
    const known = this.#amendments.get(target.id)
    if ((known?.version ?? 0) < amendment.version) this.#amendments.set(target.id, amendment)
    this.#items = changed(this.#items, (item) => (item.id === target.id ? amend(item, amendment) : item))
  }

  hidden(target: Target): void {
    this.#hidden.set(target.id, true)
    if (this.#items.some(({ id }) => id === target.id))
      this.#items = this.#items.filter(({ id }) => id !== target.id)
  }

  /** Takes away what is over. */
  expire(now: number): void {
    const over = ({ expiresAt = Number.POSITIVE_INFINITY }: Item) => expiresAt <= now
    if (this.#items.some(over)) this.#items = this.#items.filter((item) => !over(item))
  }

  /** Belongs to a page that is not loaded. */
  #isBefore(offset: number): boolean {
    return this.#next !== undefined && offset < this.#next
  }

  /** Sorted, once each, amended as known, without the hidden ones. */
  #asNow(items: readonly Item[]): readonly Item[] {
    const byOffset = new Map(items.map((item) => [item.offset, item]))
    return [...byOffset.values()]
      .filter(({ id }) => !this.#hidden.has(id))
      .sort((a, b) => a.offset - b.offset)
      .map((item) => this.#amended(item))
  }

  #amended(item: Item): Item {
    const amendment = this.#amendments.get(item.id)
    return amendment === undefined ? item : amend(item, amendment)
  }
}

/**
 * Where an item of this offset goes: behind all that are not greater. Looked for from the end, where it
 * usually is.
 */
function placeOf(items: readonly Item[], offset: number): number {
  let at = items.length
  while (at > 0 && (items[at - 1]?.offset ?? 0) > offset) at--
  return at
}

/** The same array if nothing changed. */
function changed(items: readonly Item[], change: (item: Item) => Item): readonly Item[] {
  const next = items.map(change)
  return next.some((item, at) => item !== items[at]) ? next : items
}
