/**
 * One client on one socket: its state, its subscriptions, and the ways in and out. The network context exists
 * before it; `connect` adds the credentials and the session. `inbox.ts` orders the commands, `outbox/` the
 * frames.
 */
import {
  because,
  CLOSE,
  type CloseCode,
  type Command,
  codecOf,
  type Encoding,
  type Push,
  type Reply,
  UNSUBSCRIBE,
} from '@skein/protocol'
import type { ClientView } from '../hooks.ts'
import type { ConnectionHandle } from '../node-api.ts'
import { Outbox, type OutboxOwner } from '../outbox/outbox.ts'
import type { Credentials, NetworkContext, Socket } from '../socket.ts'
import { CommandIds } from './command-ids.ts'
import type { ConnectionContext } from './context.ts'
import { Heartbeat, type HeartbeatOwner } from './heartbeat.ts'
import { Inbox, type InboxOwner } from './inbox.ts'
import { isPong } from './is-pong.ts'
import { mayReturn } from './may-return.ts'
import { runHook } from './run-hook.ts'
import type { ConnectionState } from './state.ts'
import { type ConnectionSubscription, type EndReason, Subscriptions } from './subscriptions.ts'

const NONE: Pick<Subscriptions, 'get' | 'has' | 'size' | 'values'> = new Subscriptions()

const CONNECTION_CLOSED: EndReason = { code: 0, reason: 'connection closed' }

/** Replies whose order among pushes matters. Other replies may overtake frames at a full socket. */
const ORDERED: ReadonlySet<Reply['verb']> = new Set(['connect', 'subscribe', 'unsubscribe', 'error'])

export class Connection implements ConnectionHandle, ClientView, OutboxOwner, InboxOwner, HeartbeatOwner {
  // Each push reads the first four fields: side by side, they share a cache line.
  readonly encoding: Encoding
  readonly socket: Socket
  readonly outbox: Outbox
  /** Exists only while commands wait or are handled: most connections are idle. */
  #inbox: Inbox | undefined
  readonly client: string
  readonly network: NetworkContext
  readonly heartbeat: Heartbeat
  readonly ids = new CommandIds()
  state: ConnectionState = 'connecting'
  credentials: Credentials | undefined
  /** The name that the SDK reports. */
  sdk = ''
  readonly #node: ConnectionContext
  #subscriptions: Subscriptions | undefined
  #closeCode: CloseCode | undefined
  #refused = false

  constructor(node: ConnectionContext, socket: Socket, network: NetworkContext) {
    this.#node = node
    this.client = node.newId()
    this.socket = socket
    this.network = network
    this.encoding = network.encoding
    this.outbox = new Outbox(node, this)
    this.heartbeat = new Heartbeat(node, this)
  }

  get user(): string {
    return this.credentials?.user ?? ''
  }

  /** False once it is closing: nothing more is sent or handled. */
  get open(): boolean {
    return this.state !== 'closing' && this.state !== 'closed'
  }

  /** Something is in flight, in or out. A drain closes such a connection last. */
  get busy(): boolean {
    return this.#inbox !== undefined || this.outbox.waiting || this.socket.bufferedAmount > 0
  }

  get answering(): boolean {
    return this.#inbox !== undefined
  }

  get subscriptions(): typeof NONE {
    return this.#subscriptions ?? NONE
  }

  /** Only a refresh is accepted, and nothing is delivered. Costs no call of the clock without an expiry. */
  get expired(): boolean {
    const expireAt = this.credentials?.expireAt
    return expireAt !== undefined && expireAt * 1000 <= this.#node.clock.now()
  }

  addSubscription(subscription: ConnectionSubscription): void {
    this.#subscriptions ??= new Subscriptions()
    this.#subscriptions.add(subscription)
    this.#node.counters.subscriptions++
  }

  /** Ends a subscription without a push. False: it had ended already. */
  endSubscription(subscription: ConnectionSubscription, why: EndReason, lost = false): boolean {
    if (this.#subscriptions?.remove(subscription) !== true) return false
    this.#node.counters.subscriptions--
    subscription.end(why, lost)
    return true
  }

  /** From here on, control messages for this user find the connection. */
  authenticate(credentials: Credentials): void {
    this.credentials = credentials
    this.state = 'authenticated'
    this.#node.users.add(this)
  }

  establish(): void {
    this.state = 'established'
    this.heartbeat.establish(this.credentials?.expireAt)
  }

  /** `connect` was answered with an error: drops the commands behind it. */
  rejectConnect(): void {
    this.#inbox?.clear()
    this.#refused = true
  }

  get refused(): boolean {
    return this.#refused
  }

  onMessage(bytes: Uint8Array, isBinary: boolean): void {
    if (!this.open) return
    if (isBinary !== (this.encoding === 'protobuf')) {
      const sent = isBinary ? 'binary frame on a JSON connection' : 'text frame on a Protobuf connection'
      this.refuse(because(CLOSE.inappropriateProtocol, sent))
      return
    }
    if (isPong(bytes)) {
      this.heartbeat.pong()
      return
    }
    const decoded = codecOf(this.encoding).decodeCommands(bytes)
    this.#inbox ??= new Inbox(this.#node, this)
    this.#inbox.add(decoded.commands, decoded.ok ? undefined : decoded.reason)
  }

  dispatch(command: Command, more: boolean, before?: Promise<void>): Promise<void> {
    return this.#node.dispatch(this, command, more, before)
  }

  /** See {@link Inbox.keepOrder}. */
  keepOrder<T>(decision: Promise<T>): Promise<T> {
    return this.#inbox?.keepOrder(decision) ?? decision
  }

  onInboxEmpty(): void {
    this.#inbox = undefined
  }

  onDrain(): void {
    this.outbox.flush()
  }

  onPong(): void {
    this.heartbeat.pong()
  }

  onClosed(code: number, reason: string): void {
    if (this.state === 'closed') return
    if (this.open) this.#teardown({ code, reason })
    this.state = 'closed'
    const ended = this.#closeCode ?? { code, reason }
    this.#node.connections.delete(this)
    const byServer = ended.code >= 3000
    this.#node.events.emit('connectionClosed', { client: this, ...ended, byServer })
  }

  /** `more`: other replies follow at once. */
  reply(reply: Reply, more: boolean): void {
    const payload = codecOf(this.encoding).encodeReply(reply)
    const { encoding } = this
    if (payload === undefined)
      this.close(because(CLOSE.inappropriateProtocol, 'binary data for a JSON connection'))
    else if (more || ORDERED.has(reply.verb)) this.outbox.reply({ encoding, payload }, more)
    else this.outbox.urgent({ encoding, payload })
  }

  /** Sends a push to this connection alone. */
  push(push: Push): void {
    const payload = codecOf(this.encoding).encodePush(push)
    if (payload === undefined)
      this.close(because(CLOSE.inappropriateProtocol, 'binary data for a JSON connection'))
    else if (this.open) this.outbox.push({ encoding: this.encoding, payload })
  }

  /** Reports a protocol violation of the client and closes the connection. */
  refuse(close: CloseCode): void {
    this.#node.events.emit('badFrame', { client: this, reason: close.reason, code: close.code })
    this.close(close)
  }

  /** Continuity of a subscription is lost: the SDK subscribes again and recovers. */
  loseState(subscription: ConnectionSubscription): void {
    if (subscription.serverSide) this.close(CLOSE.insufficientState)
    else this.dropSubscription(subscription, UNSUBSCRIBE.insufficientState)
  }

  /** Ends a subscription and notifies the client. */
  dropSubscription(subscription: ConnectionSubscription, why: EndReason): void {
    const { code, reason } = why
    // From 2500 on the SDK subscribes again at once.
    if (!this.endSubscription(subscription, why, code >= 2500)) return
    this.push({ kind: 'unsubscribe', channel: subscription.channel.name, code, reason })
  }

  /** Writes the frames that wait, except for a slow client, and sends the close frame. */
  close(close: CloseCode): void {
    if (!this.open) return
    if (close.code !== CLOSE.slow.code) this.outbox.flush()
    this.#node.writes.flush()
    this.#closeCode = close
    this.#teardown(close)
    this.state = 'closing'
    this.socket.close(close)
  }

  /** Releases everything at once: nothing more is delivered. Removals from the cluster run on. */
  #teardown(ended: CloseCode): void {
    const established = this.state === 'established' || this.state === 'authenticated'
    this.state = 'closing'
    this.heartbeat.stop()
    this.outbox.clear()
    this.#inbox?.clear()
    const lost = mayReturn(ended.code)
    for (const subscription of this.subscriptions.values())
      this.endSubscription(subscription, CONNECTION_CLOSED, lost)
    this.#subscriptions = undefined
    if (established) this.#forgetSession(ended)
  }

  #forgetSession(ended: CloseCode): void {
    const { users, cleanup, cluster, hooks, events } = this.#node
    users.remove(this)
    cleanup.run(() => cluster.sessions.remove(this.user, this.client))
    runHook(events, 'onDisconnect', this, () => hooks.onDisconnect?.(this, ended.code, ended.reason))
  }
}
