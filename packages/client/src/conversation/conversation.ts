/** The application's view of a conversation: its state and its operations. */
import type { Calls } from '../calls.ts'
import { newClientId } from '../util/ids.ts'
import type { Readable } from '../util/store.ts'
import type { Amendment, ConversationView, Item, Target } from '../wire/shapes.ts'
import type { Context } from './context.ts'
import type { ConversationRecord } from './record.ts'
import type { ConversationState, SendOptions, TimelineState } from './state.ts'

export class Conversation {
  readonly id: string
  /** The state for a list of conversations. */
  readonly state: Readable<ConversationState>
  /** The messages; call {@link open} first. */
  readonly timeline: Readable<TimelineState>
  /** User ids of the users who are typing. */
  readonly typists: Readable<readonly string[]>
  readonly #record: ConversationRecord
  readonly #context: Context

  constructor(record: ConversationRecord, context: Context) {
    this.id = record.id
    this.state = record.state
    this.timeline = record.timeline
    this.typists = record.typists
    this.#record = record
    this.#context = context
  }

  /** True once the server has described the conversation. */
  get known(): boolean {
    return this.#record.known
  }

  /** The server's description, updated by later events. */
  get view(): ConversationView | undefined {
    return this.#record.view
  }

  /** Loads the newest messages and receipts, at once or with the next connection, and keeps them. */
  open(): void {
    this.#record.open()
  }

  /** Loads the previous page. Resolves at once at the beginning of the log. Rejects with `ChatError`. */
  loadOlder(): Promise<void> {
    return this.#record.history.loadOlder()
  }

  /** Shows the message at once and sends it when possible. Returns its `clientId`. Throws `outbox_full`. */
  send(body: string, options: SendOptions = {}): string {
    const { outbox, sender, now } = this.#context
    const clientId = newClientId()
    outbox.add({ clientId, conversation: this.id, body, at: now(), ...options })
    this.#record.notice.sent()
    sender.pump(this.id)
    this.#record.changed()
    return clientId
  }

  /** Retries a failed message. */
  retry(clientId: string): void {
    this.#context.sender.retry(clientId)
  }

  /** Removes an unsent message. */
  discard(clientId: string): void {
    if (this.#context.outbox.remove(clientId)) this.#record.changed()
  }

  async edit(target: Target, body: string, mentions?: readonly string[]): Promise<void> {
    await this.#amend('chat.edit', target, { body, mentions })
  }

  async delete(target: Target, whom: 'me' | 'all'): Promise<void> {
    if (whom === 'all') return await this.#amend('chat.delete', target, { for: whom })
    await this.#context.call('chat.delete', this.#request(target, { for: whom } as const))
    this.#record.hidden({ event: 'hidden', conversation: this.id, target })
  }

  async react(target: Target, emoji: string, on: boolean): Promise<void> {
    await this.#amend('chat.react', target, { emoji, on })
  }

  /** Marks messages up to this offset as read; without an offset, all messages. */
  markRead(offset = this.#record.newest()): void {
    this.#record.read(offset)
  }

  /** To be called at every change of the text. Notifies the others at a limited rate. */
  typing(active: boolean): void {
    if (this.#context.online()) this.#record.notice.set(active)
  }

  async set(flags: { readonly muted?: boolean; readonly pinned?: boolean }): Promise<void> {
    const now = await this.#context.call('chat.conversation.set', { conversation: this.id, ...flags })
    this.#record.flags(now)
  }

  /**
   * A message that a reply quotes, if it is not among the loaded ones. `undefined` while it is fetched; the
   * timeline changes when it arrives.
   */
  quoted(target: Target): Item | 'gone' | undefined {
    return this.#record.quotes.get(target)
  }

  /** Users known to have read the message at this offset. */
  readers(offset: number): string[] {
    return this.#record.readers(offset)
  }

  async #amend<M extends 'chat.edit' | 'chat.delete' | 'chat.react'>(
    method: M,
    target: Target,
    change: Omit<Calls[M]['request'], 'conversation' | 'target' | 'clientId'>,
  ): Promise<void> {
    const request = this.#request(target, change) as unknown as Calls[M]['request']
    const amendment: Amendment = await this.#context.call(method, request)
    this.#record.amended({ event: 'amended', conversation: this.id, by: this.#context.me, target, amendment })
  }

  #request<C extends object>({ id, offset }: Target, change: C) {
    return { conversation: this.id, target: { id, offset }, clientId: newClientId(), ...change }
  }
}
