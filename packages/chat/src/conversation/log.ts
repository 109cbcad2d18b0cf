/** Reads the log of a conversation: messages as they were sent, and their amendment events. */
import type { StreamPosition } from '@skein/protocol'
import type { ChatContext } from '../context.ts'
import { ChatError } from '../errors.ts'
import type { LogEvent } from '../events/chat-event.ts'
import { parseLogEvent } from '../events/parse.ts'
import type { Message, Target } from '../schema.ts'

export interface LogEntry {
  readonly offset: number
  readonly event: LogEvent
}

export interface LogMessage {
  readonly offset: number
  readonly message: Message
}

export interface LogPage {
  readonly top: StreamPosition
  /** In the order of reading. */
  readonly entries: readonly LogEntry[]
  /** Position of the next page; `undefined` at the end. */
  readonly next: number | undefined
}

export interface LogRange {
  /** Exclusive; reads backwards. Without `before` and `after`, reading begins at the newest entry. */
  readonly before?: number | undefined
  /** Exclusive; reads forwards. */
  readonly after?: number | undefined
  readonly limit: number
}

export async function readLog(chat: ChatContext, id: string, range: LogRange): Promise<LogPage> {
  const { after, before, limit } = range
  const from = after ?? before
  const page = await chat.node.history(id, {
    limit,
    reverse: after === undefined,
    ...(from !== undefined && { since: { offset: from, epoch: '' } }),
  })
  const entries = page.decoded.flatMap(({ offset, data }) => {
    const event = parseLogEvent(data)
    return event === undefined ? [] : [{ offset, event }]
  })
  const next = page.publications.length < limit ? undefined : page.publications.at(-1)?.offset
  return { top: { offset: page.offset, epoch: page.epoch }, entries, next }
}

export async function topOf(chat: ChatContext, id: string): Promise<StreamPosition> {
  const { offset, epoch } = await chat.node.history(id, { limit: 0 })
  return { offset, epoch }
}

/** The entry at `offset`, with the top at the same moment. */
export async function readAt(
  chat: ChatContext,
  id: string,
  offset: number,
): Promise<{ readonly top: StreamPosition; readonly entry: LogEntry | undefined }> {
  const { top, entries } = await readLog(chat, id, { after: Math.max(0, offset - 1), limit: 1 })
  const [entry] = entries
  return { top, entry: entry?.offset === offset ? entry : undefined }
}

/** Throws `unknown_message` when the log has another entry, or none, at that offset. */
export async function messageAt(chat: ChatContext, id: string, target: Target): Promise<Message> {
  const { entry } = await readAt(chat, id, target.offset)
  if (entry?.event.event !== 'message' || entry.event.message.id !== target.id) {
    throw new ChatError('unknown_message')
  }
  return entry.event.message
}
