/** Messages as a user reads them: pages of history, the last message, and unread counts. */

import type { ChatContext } from '../context.ts'
import type { Cursor } from '../ports.ts'
import type { Item } from '../schema.ts'
import { itemsFor } from './amendments.ts'
import { type LogEntry, type LogMessage, type LogPage, readLog } from './log.ts'

/** Maximum log pages read for one page of messages, since a log page may hold only amendments. */
const MAX_LOG_READS = 5
const COUNT_PAGE_SIZE = 100

export interface ItemsPage {
  /** In the order of reading. */
  readonly items: readonly Item[]
  readonly top: LogPage['top']
  readonly next: number | undefined
}

/**
 * Up to `limit` messages. May return fewer with a `next`, since amendment events take places in the log too.
 */
export async function readItems(
  chat: ChatContext,
  user: string,
  conversation: string,
  range: {
    readonly before?: number | undefined
    readonly after?: number | undefined
    readonly limit: number
  },
): Promise<ItemsPage> {
  const items: Item[] = []
  let { before, after } = range
  let top: LogPage['top'] | undefined
  for (let reads = 1; ; reads++) {
    const page = await readLog(chat, conversation, { before, after, limit: range.limit })
    top ??= page.top
    const fitting = take(page.entries, range.limit - items.length)
    items.push(...(await itemsFor(chat, conversation, user, fitting.messages)))
    const next = fitting.next ?? page.next
    if (next === undefined || items.length >= range.limit || reads >= MAX_LOG_READS)
      return { items, top, next }
    if (after === undefined) before = next
    else after = next
  }
}

/** The first `most` messages; `next` is the position where the page was cut. */
function take(
  entries: readonly LogEntry[],
  most: number,
): { readonly messages: readonly LogMessage[]; readonly next: number | undefined } {
  const messages: LogMessage[] = []
  for (const { offset, event } of entries) {
    if (event.event !== 'message') continue
    if (messages.length === most) return { messages, next: messages.at(-1)?.offset }
    messages.push({ offset, message: event.message })
  }
  return { messages, next: undefined }
}

export interface Unread {
  readonly unread: number
  /** Number of unread messages that mention the user. */
  readonly mentions: number
}

/**
 * Counts messages of other users after the cursor, up to the position `upTo`. Deleted, hidden, expired and
 * system messages do not count. Exact within the retained log. The timestamp of its message locates a cursor
 * of an earlier epoch.
 */
export async function countUnread(
  chat: ChatContext,
  user: string,
  conversation: string,
  cursor: Cursor | undefined,
  upTo = Number.POSITIVE_INFINITY,
): Promise<Unread> {
  let unread = 0
  let mentions = 0
  let after: number | undefined = cursor?.offset ?? 0
  let since = 0
  for (let first = true; after !== undefined; first = false) {
    const page: LogPage = await readLog(chat, conversation, { after, limit: COUNT_PAGE_SIZE })
    if (first && cursor !== undefined && cursor.epoch !== page.top.epoch && after > 0) {
      after = 0
      since = cursor.at
      continue
    }
    const foreign = page.entries.flatMap(({ offset, event }) =>
      event.event === 'message' && offset <= upTo && isForeign(event.message, user, since)
        ? [{ offset, message: event.message }]
        : [],
    )
    for (const item of await itemsFor(chat, conversation, user, foreign)) {
      if (item.deletedAt !== undefined) continue
      unread++
      if (item.mentions?.includes(user) === true) mentions++
    }
    after = page.next
  }
  return { unread, mentions }
}

function isForeign(message: LogMessage['message'], user: string, since: number): boolean {
  return message.from !== user && message.type !== 'system' && message.timestamp > since
}
