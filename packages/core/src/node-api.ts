/** The public door of a node: what an embedding application, the server API and the WebSocket route call. */
import type { ClientInfo, Payload, Publication, StreamPosition } from '@skein/protocol'
import type { Events } from './events.ts'
import type { Hooks, TokenVerifier } from './hooks.ts'
import type { ChannelsConfig } from './namespaces/namespaces.ts'
import type {
  Clock,
  Cluster,
  HistoryPage,
  NodeInfo,
  PublishResult,
  ServerSubscription,
  Session,
} from './ports.ts'
import type { NetworkContext, Socket } from './socket.ts'

/** Bounds and times of a node, each with a default in `limits.ts`. Times in ms, sizes in bytes, unless said otherwise. */
export interface Limits {
  readonly pingInterval: number
  readonly pongTimeout: number
  /** A connection that has not sent `connect` by then is closed with 3502. */
  readonly staleTimeout: number
  /** How long after its token's end a connection may still refresh. */
  readonly expiredGrace: number
  /** Connect commands in progress on a node; further ones wait. */
  readonly connectsAtOnce: number
  /** Connect commands waiting; beyond it 3013. */
  readonly connectsWaiting: number
  /** Commands waiting per connection; beyond it reading pauses. */
  readonly inboxCommands: number
  /** Bytes waiting per connection; beyond it 3008. */
  readonly outboxBytes: number
  /** A client whose socket takes nothing for this long is closed with 3008. */
  readonly slowTimeout: number
  /** Publications held per channel while a gap is filled, and per subscription while it is set up. */
  readonly bufferedPublications: number
  readonly subscriptionsPerConnection: number
  readonly channelLength: number
  /** Of a token, in bytes. */
  readonly tokenLength: number
  /** Publications that one recovery may carry; 0: all that the history holds. */
  readonly recoveryPublications: number
  /** Publications that one history reply may carry. */
  readonly historyPublications: number
  /** Coalescing: how long a busy socket's frames wait to be written together. */
  readonly writeDelay: number
  /** Idle channels with a position are compared with their stream this often. */
  readonly positionCheckInterval: number
  /** A node with more connections than the others looks this often whether to give some away; 0: never. See `rebalance.ts`. */
  readonly rebalanceInterval: number
  /** No connections are given away for this long after a node came or went. */
  readonly rebalanceSettle: number
  /** Connections a second that are asked to come back, to another node or because of their age. */
  readonly shedRate: number
  /** A connection that is as old, give or take a fifth, is asked to come back; 0: never. */
  readonly connectionAge: number
}

/**
 * starting: the lease is not taken yet, or was lost · serving · draining: for maintenance, `resume` ends it · ending: for
 * good · closed.
 */
export type NodeState = 'starting' | 'serving' | 'draining' | 'ending' | 'closed'

export interface NodeOptions {
  readonly name: string
  readonly version: string
  readonly cluster: Cluster
  readonly channels: ChannelsConfig
  readonly hooks?: Hooks
  /** Absent: no tokens are accepted. */
  readonly tokens?: TokenVerifier
  /** Clients without a token are let in with a temporary user id (`anon-…`). */
  readonly allowAnonymous?: boolean
  readonly limits?: Partial<Limits>
  readonly clock?: Clock
  /** Uniform in [0, 1). */
  readonly random?: () => number
  /** A new connection id. */
  readonly newId?: () => string
}

/** What the ws route does with a connection. Calls after `onClosed` are ignored. */
export interface ConnectionHandle {
  onMessage(bytes: Uint8Array, isBinary: boolean): void
  /** The kernel took what was waiting: `bufferedAmount` fell. */
  onDrain(): void
  /** A WebSocket pong frame came. */
  onPong(): void
  /** The socket is gone; `code` as the WebSocket says (1005 none, 1006 without close frame). */
  onClosed(code: number, reason: string): void
}

export interface PublishCall {
  readonly data: Payload
  readonly tags?: Readonly<Record<string, string>>
  readonly skipHistory?: boolean
  readonly idempotencyKey?: string
  /** Who others see as the author. */
  readonly info?: ClientInfo
}

/** Whose connections are meant: all of `user`, or one by `client` or `session`. */
export interface UserTarget {
  readonly user: string
  readonly client?: string
  readonly session?: string
}

export interface HistoryCall {
  readonly limit?: number
  readonly since?: StreamPosition
  readonly reverse?: boolean
}

/** What a drain is for: the end of the node, or maintenance that {@link SkeinNode.resume} ends. */
export type DrainPurpose = 'end' | 'maintenance'

/** Numbers of this node now; the last three count since it started and are read when scraped, not emitted as events. */
export interface NodeStats {
  readonly clients: number
  readonly users: number
  readonly channels: number
  readonly subs: number
  /** Connect commands waiting for their turn. */
  readonly connectsWaiting: number
  /** Bytes waiting in outboxes. */
  readonly outboxBytes: number
  /** WebSocket messages written, protocol messages in them, their payload bytes. */
  readonly framesSent: number
  readonly messagesSent: number
  readonly bytesSent: number
}

/**
 * One node. Methods that reach the cluster reject with `ReplyError`: 102 for a channel whose namespace is unknown, 107 for
 * a malformed name, 108 where the namespace has the feature off, 100 (temporary) while the cluster cannot be reached.
 */
export interface SkeinNode {
  readonly uid: string
  readonly events: Events
  readonly state: NodeState
  /** Takes the lease; resolves when the node can serve. Retries while the cluster is away; see `ready`. */
  start(): Promise<void>
  /** Whether connections are served now; the reason in plain words if not. */
  ready(): Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }>
  accept(socket: Socket, network: NetworkContext): ConnectionHandle
  publish(channel: string, call: PublishCall): Promise<PublishResult>
  subscribe(target: UserTarget, channel: string, options?: ServerSubscription): Promise<void>
  unsubscribe(target: UserTarget, channel: string): Promise<void>
  disconnect(
    target: UserTarget,
    options?: { code?: number; reason?: string; whitelist?: readonly string[] },
  ): Promise<void>
  refresh(target: UserTarget, options: { expired?: boolean; expireAt?: number }): Promise<void>
  presence(channel: string): Promise<readonly ClientInfo[]>
  presenceStats(channel: string): Promise<{ readonly clients: number; readonly users: number }>
  history(
    channel: string,
    call: HistoryCall,
  ): Promise<HistoryPage & { readonly decoded: readonly Publication[] }>
  removeHistory(channel: string): Promise<void>
  /** Channels with subscribers anywhere, with how many; `pattern` is a glob. Asks every node, 1 s at most. */
  channels(pattern?: string): Promise<Readonly<Record<string, number>>>
  info(): Promise<readonly NodeInfo[]>
  sessions(user: string): Promise<readonly Session[]>
  stats(): NodeStats
  /**
   * No new connections; those there are closed with 3001, spread evenly over `windowMs`, those with something on its way
   * last. Resolves when none is left, or when a later call has taken over. Default purpose: the end.
   */
  drain(windowMs: number, purpose?: DrainPurpose): Promise<void>
  /** Ends a drain for maintenance: connections are taken again. False, and nothing, where there is none or the node ends. */
  resume(): boolean
  /** Gives the lease back and lets go of the cluster. Connections still open are closed with 3001. */
  close(): Promise<void>
}
