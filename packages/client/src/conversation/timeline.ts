/**
 * The loaded part of a conversation's log: contiguous from its oldest loaded message to the newest, each
 * message once. It grows backwards by pages and forwards by events. Pure: no calls, no clock.
 *
 * Inbox events of direct conversations may arrive in another order than the log. The offset alone determines
 * the place of an event and whether it is a duplicate.
 */

import type { HistoryReply } from '../calls.ts'
import { Recent } from '../util/recent.ts'
import type { Amendment, Item, Message, Target } from '../wire/shapes.ts'
import { amend, itemOf } from './amend.ts'

/**
 * Changes kept for messages that are not loaded, since a page that was read before a change may arrive after
 * it.
 */
const MAX_REMEMBERED_CHANGES = 500
/** Messages kept while the newest page is loading. */
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

  /** Ascending by offset. Returns the same array until a change. */
  get items(): readonly Item[] {
    return this.#items
  }

  get loaded(): boolean {
    return this.#state === 'loaded'
  }

  /** True when the beginning of the kept log is loaded. */
  get complete(): boolean {
    return this.loaded && this.#next === undefined
  }

  /** Position of the previous page; `undefined` at the beginning, or when nothing is loaded. */
  get before(): number | undefined {
    return this.#next
  }

  /** Marks the newest page as loading. Later messages are kept for it. */
  expect(): void {
    if (this.#state === 'empty') this.#state = 'loading'
  }

  /** Takes in the newest page and replaces all loaded messages. */
  newest(page: HistoryReply): void {
    const waiting = this.#arrived.filter(({ offset }) => offset > page.top.offset)
    this.reset()
    this.#state = 'loaded'
    this.#epoch = page.top.epoch
    this.#next = page.next
    this.#items = this.#asNow([...page.items, ...waiting])
  }

  /** Takes in the page before `before`. A page that another load overtook is ignored. */
  older(page: HistoryReply, before: number): void {
    if (!this.loaded || before !== this.#next || page.top.epoch !== this.#epoch) return
    this.#next = page.next
    this.#items = this.#asNow([...page.items, ...this.#items])
  }

  /** Removes everything, after a loss or for another log. */
  reset(): void {
    this.#state = 'empty'
    this.#items = []
    this.#next = undefined
    this.#arrived.length = 0
    this.#waiting.clear()
  }

  /** Returns true when the message is new. */
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

  /** Removes expired messages. */
  expire(now: number): void {
    const over = ({ expiresAt = Number.POSITIVE_INFINITY }: Item) => expiresAt <= now
    if (this.#items.some(over)) this.#items = this.#items.filter((item) => !over(item))
  }

  /** True when the offset belongs to a page that is not loaded. */
  #isBefore(offset: number): boolean {
    return this.#next !== undefined && offset < this.#next
  }

  /** Sorts, deduplicates and amends items, and removes hidden ones. */
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
 * The index behind all items with smaller or equal offsets. The search begins at the end, where new messages
 * belong.
 */
function placeOf(items: readonly Item[], offset: number): number {
  let at = items.length
  while (at > 0 && (items[at - 1]?.offset ?? 0) > offset) at--
  return at
}

/** Returns the same array if nothing changed. */
function changed(items: readonly Item[], change: (item: Item) => Item): readonly Item[] {
  const next = items.map(change)
  return next.some((item, at) => item !== items[at]) ? next : items
}
