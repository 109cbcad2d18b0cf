/** Messages as they are shown: those of the log, followed by own unsent messages. */
import type { SendReply } from '../calls.ts'
import type { Failure, Unsent } from '../sending/outbox.ts'
import type { Item } from '../wire/shapes.ts'
import type { Delivery, Receipts } from './receipts.ts'

/** `queued` waits for the connection; `sending` is in flight. */
export type Status = 'queued' | 'sending' | 'failed' | Delivery

export interface ChatMessage {
  /** A stable key, from writing to reading. */
  readonly key: string
  readonly own: boolean
  /** Without `id` and with offset 0 until it is sent. */
  readonly item: Item
  /** The state of an own message. */
  readonly status?: Status
  readonly failure?: Failure
}

export interface Sources {
  readonly me: string
  readonly items: readonly Item[]
  /** Acknowledged messages that are not in the loaded log yet. */
  readonly sent: readonly Item[]
  readonly unsent: readonly Unsent[]
  readonly receipts: Receipts
  readonly online: boolean
}

/** Builds the list and keeps the object of every unchanged message. */
export class MessageList {
  #known = new Map<string, ChatMessage>()

  make(sources: Sources): readonly ChatMessage[] {
    const { me, items, sent, unsent, receipts, online } = sources
    const logged = sent.length === 0 ? items : [...items, ...sent].sort((a, b) => a.offset - b.offset)
    const next = [
      ...logged.map((item) => shown(item, me, receipts)),
      ...unsent.map((entry) => waiting(entry, me, online)),
    ].map((message) => this.#kept(message))
    this.#known = new Map(next.map((message) => [message.key, message]))
    return next
  }

  #kept(message: ChatMessage): ChatMessage {
    const known = this.#known.get(message.key)
    return known !== undefined && isSame(known, message) ? known : message
  }
}

function isSame(a: ChatMessage, b: ChatMessage): boolean {
  if (a.status !== b.status || a.failure !== b.failure) return false
  return a.item === b.item || (a.item.id === '' && b.item.id === '')
}

const keyOf = (item: Item, own: boolean): string => (own ? `own:${item.clientId}` : item.id)

function shown(item: Item, me: string, receipts: Receipts): ChatMessage {
  const own = item.from === me && item.type !== 'system'
  const key = keyOf(item, own)
  return own ? { key, own, item, status: receipts.delivery(item.offset) } : { key, own, item }
}

function waiting(entry: Unsent, me: string, online: boolean): ChatMessage {
  const { clientId, failure } = entry
  const status = failure !== undefined ? 'failed' : online ? 'sending' : 'queued'
  return {
    key: `own:${clientId}`,
    own: true,
    item: unsentItem(entry, me),
    status,
    ...(failure && { failure }),
  }
}

function unsentItem({ clientId, body, at, replyTo, mentions, conversation }: Unsent, from: string): Item {
  return {
    id: '',
    offset: 0,
    version: 0,
    timestamp: at,
    type: conversation.startsWith('dm:') ? 'private' : 'room',
    from,
    to: '',
    body,
    clientId,
    ...(replyTo && { replyTo }),
    ...(mentions && { mentions: [...mentions] }),
  }
}

/** The item that the log will hold for an acknowledged message. */
export function sentItem(entry: Unsent, { id, offset, timestamp }: SendReply, from: string): Item {
  return { ...unsentItem(entry, from), id, offset, timestamp }
}
