/**
 * The chat client, one per signed-in user and page. The SDK's connection reconnects and recovers. The client
 * turns its events into conversations and sends messages that were written while it was offline.
 */
import type { CallServer, SendReply } from './calls.ts'
import { type ChatClientOptions, type ChatEvents, transportOf } from './client-options.ts'
import { Following } from './connection/following.ts'
import { Lifecycle } from './connection/lifecycle.ts'
import { Receiver } from './connection/receiver.ts'
import type { ConnectionState } from './connection/state.ts'
import type { Subscribed, Transport, TransportListener } from './connection/transport.ts'
import type { Context } from './conversation/context.ts'
import type { Conversation } from './conversation/conversation.ts'
import { ConversationList, type ConversationListState } from './conversation/list.ts'
import type { ConversationRecord } from './conversation/record.ts'
import { toChatError } from './errors.ts'
import { Devices } from './people/devices.ts'
import { isPeopleChannel, People } from './people/people.ts'
import { Profiles } from './people/profiles.ts'
import { Rooms } from './rooms.ts'
import { CursorReporter } from './sending/cursor-reporter.ts'
import { Outbox, type Unsent } from './sending/outbox.ts'
import { Sender } from './sending/sender.ts'
import { Emitter } from './util/emitter.ts'
import { defaultStorage, tolerantStorage } from './util/storage.ts'
import { Computed, type Readable } from './util/store.ts'
import type { ConversationEvent } from './wire/events.ts'
import { addressee, directConversation, inboxOf } from './wire/names.ts'
import type { Person } from './wire/shapes.ts'

/** Time in which cursor positions of one conversation are combined into one call. */
const READ_REPORT_DELAY_MS = 150
const DELIVERED_REPORT_DELAY_MS = 250
/** Time for the inbox event that explains an ended room subscription, before the client asks the server. */
const MEMBERSHIP_RECHECK_MS = 1000
/** Errors that mean that this user is not in the room. */
const NOT_MEMBER_REASONS: ReadonlySet<string> = new Set(['not_member', 'unknown_room', 'banned'])

export class ChatClient {
  readonly user: string
  readonly people: People
  readonly profiles: Profiles
  readonly rooms: Rooms
  readonly devices: Devices
  /** Calls a method of docs/reference/chat.md. Rejects with `ChatError`. */
  readonly call: CallServer
  readonly #transport: Transport
  readonly #emitter = new Emitter<ChatEvents>()
  readonly #lifecycle: Lifecycle
  readonly #outbox: Outbox
  readonly #sender: Sender
  readonly #read: CursorReporter
  readonly #delivered: CursorReporter
  readonly #list: ConversationList
  readonly #now: () => number
  readonly #following: Following
  readonly #receiver: Receiver
  readonly #unsent = new Computed<number>(() => this.#outbox.size)

  constructor(options: ChatClientOptions) {
    const { user, now = Date.now } = options
    const storage = tolerantStorage(options.storage ?? defaultStorage())
    this.user = user
    this.#now = now
    this.#transport = options.transport ?? transportOf(options, storage)
    this.call = (method, request) => this.#call(method, request)
    const problem = (error: unknown) => this.#problem(error)
    this.#outbox = new Outbox(storage, user, problem)
    const changed = (entry: Unsent, reply?: SendReply) => this.#unsentChanged(entry, reply)
    const gone = (id: string) => this.#list.record(id).changed()
    this.#sender = new Sender({ outbox: this.#outbox, me: user, call: this.call, now, changed, gone })
    this.#read = new CursorReporter({
      method: 'chat.read',
      call: this.call,
      delay: READ_REPORT_DELAY_MS,
      problem,
    })
    this.#delivered = new CursorReporter({
      method: 'chat.delivered',
      call: this.call,
      delay: DELIVERED_REPORT_DELAY_MS,
      problem,
    })
    this.#list = new ConversationList(this.#context(problem), (known) => this.#known(known))
    this.#following = new Following(this.#transport)
    this.people = new People(this.#transport)
    this.profiles = new Profiles(this.call, problem)
    this.rooms = new Rooms(this.call, (id) => this.#list.ensure(id))
    this.devices = new Devices(this.call)
    this.#receiver = new Receiver({
      list: this.#list,
      people: this.people,
      emitter: this.#emitter,
      started: () => this.#lifecycle.listLoaded,
      removed: (id, reason) => this.#removed(id, reason),
    })
    this.#lifecycle = new Lifecycle({
      parts: [this.#sender, this.#read, this.#delivered, this.people, this.profiles, this.devices],
      list: this.#list,
      following: this.#following,
      now,
      problem,
    })
    this.#transport.listen(this.#listener())
    for (const { conversation } of this.#outbox.list()) this.#list.record(conversation)
  }

  get connection(): Readable<ConnectionState> {
    return this.#lifecycle.state
  }

  get conversations(): Readable<ConversationListState> {
    return this.#list.state
  }

  /** Number of messages in the outbox, failed ones included. */
  get unsent(): Readable<number> {
    return this.#unsent
  }

  on<K extends keyof ChatEvents>(kind: K, listener: (event: ChatEvents[K]) => void): () => void {
    return this.#emitter.on(kind, listener)
  }

  connect(): void {
    this.#transport.connect()
  }

  /** Disconnects until `connect`. New messages wait in the outbox. */
  disconnect(): void {
    this.#transport.disconnect()
  }

  /** A conversation by its name: `chat:<room>`, `chat:@everyone`, `dm:<a>:<b>`. */
  conversation(id: string): Conversation {
    const conversation = this.#list.handle(id)
    if (this.#lifecycle.connected && !conversation.known) void this.#list.ensure(id)
    return conversation
  }

  /** The direct conversation with this user. */
  direct(user: string): Conversation {
    return this.conversation(directConversation(this.user, user))
  }

  loadMoreConversations(): Promise<void> {
    return this.#list.loadMore()
  }

  // ── the connection ──

  #listener(): TransportListener {
    return {
      connecting: (again) => this.#lifecycle.connecting(again),
      connected: () => this.#lifecycle.arrived(),
      disconnected: (code, reason) => this.#lifecycle.disconnected(code, reason),
      subscribed: (channel, how) => this.#subscribed(channel, how),
      unsubscribed: (channel, code) => this.#unsubscribed(channel, code),
      publication: (channel, data, offset) => this.#receiver.receive(channel, data, offset),
    }
  }

  #subscribed(channel: string, { recovering, recovered, data }: Subscribed): void {
    if (isPeopleChannel(channel)) {
      this.people.update(data as Person)
      return
    }
    const lost = recovering && !recovered
    if (channel === inboxOf(this.user)) {
      if (lost) this.#inboxLost()
      return
    }
    if (lost) void this.#conversationLost(channel)
    this.#following.subscribed(channel)
    queueMicrotask(() => this.#lifecycle.settle())
  }

  /** Inbox events were lost, so the list and all direct conversations are reloaded. */
  #inboxLost(): void {
    this.#lifecycle.listOutdated()
    for (const conversation of this.#list.all()) if (conversation.id.startsWith('dm:')) conversation.lost()
  }

  async #conversationLost(id: string): Promise<void> {
    const conversation = this.#list.get(id)
    conversation?.lost()
    await conversation?.refresh()
  }

  #unsubscribed(channel: string, code: number | undefined): void {
    const mine = this.#following.ended(channel)
    // Usually the user was removed, and an inbox event follows with the reason.
    if (mine && code !== undefined) setTimeout(() => void this.#recheck(channel), MEMBERSHIP_RECHECK_MS)
    this.#lifecycle.settle()
  }

  /**
   * Asks the server whether the user is still in the room, then subscribes again or removes the conversation.
   */
  async #recheck(id: string): Promise<void> {
    const conversation = this.#list.get(id)
    await conversation?.refresh()
    if (conversation !== undefined && this.#list.get(id) === conversation) this.#known(conversation)
  }

  /**
   * Follows a known conversation from the position of its view. Direct conversations arrive in the inbox
   * instead.
   */
  #known({ id, view }: ConversationRecord): void {
    if (view === undefined || view.type === 'private') return
    this.#following.follow(id, view.top.epoch === '' ? undefined : view.top)
  }

  #removed(id: string, reason: ConversationEvent['reason']): void {
    this.#following.unfollow(id)
    const known = this.#list.get(id)
    if (known === undefined) return
    this.#list.remove(id)
    this.#emitter.emit('removed', { conversation: id, reason, room: known.view?.room })
    this.#lifecycle.settle()
  }

  // ── for the parts ──

  async #call(...[method, request]: Parameters<CallServer>): ReturnType<CallServer> {
    try {
      return (await this.#transport.call(method, request)) as never
    } catch (error) {
      throw toChatError(error)
    }
  }

  #context(problem: (error: unknown) => void): Context {
    return {
      me: this.user,
      call: this.call,
      now: this.#now,
      outbox: this.#outbox,
      sender: this.#sender,
      read: this.#read,
      delivered: this.#delivered,
      online: () => this.#lifecycle.connected,
      touched: () => {
        this.#list.state.changed()
        this.#unsent.changed()
      },
      removed: (id) => this.#removed(id, undefined),
      problem,
      otherOf: (id) => {
        if (!id.startsWith('dm:')) return {}
        const to = addressee(id, this.user)
        return 'user' in to ? { with: to.user } : {}
      },
    }
  }

  #unsentChanged(entry: Unsent, reply: SendReply | undefined): void {
    this.#unsent.changed()
    this.#list.record(entry.conversation).unsent(entry, reply)
  }

  #problem(thrown: unknown): void {
    const error = toChatError(thrown)
    // A call in flight fails after a removal, which the `removed` event reports.
    if (!NOT_MEMBER_REASONS.has(error.reason)) this.#emitter.emit('problem', error)
  }
}
