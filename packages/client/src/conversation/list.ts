/** The user's loaded conversations: pinned ones first, then by latest activity. */

import { Computed } from '../util/store.ts'
import type { ConversationView } from '../wire/shapes.ts'
import type { Context } from './context.ts'
import { Conversation } from './conversation.ts'
import { ConversationRecord } from './record.ts'

export interface ConversationListState {
  readonly conversations: readonly Conversation[]
  /** True once the first page is loaded. */
  readonly loaded: boolean
  /** True while further pages exist. */
  readonly more: boolean
  readonly unread: number
  readonly mentions: number
}

const LIST_PAGE_SIZE = 50

export class ConversationList {
  readonly #context: Context
  readonly #known: (conversation: ConversationRecord) => void
  readonly #all = new Map<string, ConversationRecord>()
  readonly #handles = new Map<string, Conversation>()
  readonly #asked = new Map<string, Promise<void>>()
  #cursor: string | undefined
  #loaded = false
  #more: Promise<void> | undefined

  readonly state = new Computed<ConversationListState>(() => this.#list())

  /** Calls `known` with each conversation that the server describes for the first time. */
  constructor(context: Context, known: (conversation: ConversationRecord) => void) {
    this.#context = context
    this.#known = known
  }

  all(): Iterable<ConversationRecord> {
    return this.#all.values()
  }

  get(id: string): ConversationRecord | undefined {
    return this.#all.get(id)
  }

  /** Creates a missing record without a call to the server. */
  record(id: string): ConversationRecord {
    const known = this.#all.get(id)
    if (known !== undefined) return known
    const made = new ConversationRecord(id, this.#context)
    this.#all.set(id, made)
    return made
  }

  /** The application's handle, the same object on each call. */
  handle(id: string): Conversation {
    const known = this.#handles.get(id)
    if (known !== undefined) return known
    const made = new Conversation(this.record(id), this.#context)
    this.#handles.set(id, made)
    return made
  }

  /**
   * Reloads the first page. Known conversations outside it stay and are refreshed one by one. Rejects with
   * `ChatError`.
   */
  async load(): Promise<void> {
    const page = await this.#context.call('chat.conversations', { limit: LIST_PAGE_SIZE })
    this.#cursor = page.cursor
    const shown = new Set(page.conversations.map(({ id }) => id))
    for (const view of page.conversations) this.#show(view)
    const others = [...this.#all.values()].filter(({ id, known }) => known && !shown.has(id))
    await Promise.all(others.map((conversation) => conversation.refresh()))
    this.#loaded = true
    this.state.changed()
  }

  loadMore(): Promise<void> {
    this.#more ??= this.#loadMore().finally(() => {
      this.#more = undefined
    })
    return this.#more
  }

  /** Loads a conversation that is not known yet. */
  async ensure(id: string): Promise<Conversation> {
    const record = this.record(id)
    if (!record.known) {
      const asked = this.#asked.get(id) ?? this.#ask(record)
      this.#asked.set(id, asked)
      await asked
    }
    return this.handle(id)
  }

  async #ask(conversation: ConversationRecord): Promise<void> {
    try {
      await conversation.refresh()
      if (conversation.known) this.#known(conversation)
      this.state.changed()
    } finally {
      this.#asked.delete(conversation.id)
    }
  }

  remove(id: string): void {
    this.#all.get(id)?.dispose()
    this.#all.delete(id)
    this.#handles.delete(id)
    this.state.changed()
  }

  async #loadMore(): Promise<void> {
    if (this.#cursor === undefined) return
    const page = await this.#context.call('chat.conversations', {
      limit: LIST_PAGE_SIZE,
      cursor: this.#cursor,
    })
    this.#cursor = page.cursor
    for (const view of page.conversations) this.#show(view)
    this.state.changed()
  }

  #show(view: ConversationView): void {
    const conversation = this.record(view.id)
    const isNew = !conversation.known
    conversation.show(view)
    if (isNew) this.#known(conversation)
  }

  #list(): ConversationListState {
    const listed = [...this.#all.values()].filter(isListed)
    const rows = listed.map((conversation) => ({ conversation, row: conversation.state.get() }))
    rows.sort(
      (a, b) =>
        Number(b.row.pinned) - Number(a.row.pinned) || b.row.at - a.row.at || (a.row.id < b.row.id ? -1 : 1),
    )
    const unmuted = rows.filter(({ row }) => !row.muted)
    return {
      conversations: rows.map(({ conversation }) => this.handle(conversation.id)),
      loaded: this.#loaded,
      more: this.#cursor !== undefined,
      unread: unmuted.reduce((sum, { row }) => sum + row.unread, 0),
      mentions: rows.reduce((sum, { row }) => sum + row.mentions, 0),
    }
  }
}

/** A conversation that was only opened, and has no messages, is not listed. */
function isListed(conversation: ConversationRecord): boolean {
  const { type, last } = conversation.state.get()
  return last !== undefined || (type === 'room' && conversation.known)
}
