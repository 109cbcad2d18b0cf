/** The public interface of a node, for applications, the server API and the WebSocket route. */
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

/** Bounds and times of a node, with defaults in `limits.ts`. Times in ms and sizes in bytes, unless noted. */
export interface Limits {
  readonly pingInterval: number
  readonly pongTimeout: number
  /** Deadline for `connect`; a connection without it is closed with 3502. */
  readonly staleTimeout: number
  /** Time after the token's expiry in which a connection may still refresh. */
  readonly expiredGrace: number
  /** Maximum of connect commands in progress on the node; further ones wait. */
  readonly connectsAtOnce: number
  /** Maximum of waiting connect commands; beyond it 3013. */
  readonly connectsWaiting: number
  /** Maximum of waiting commands of a connection; beyond it the node stops reading the socket. */
  readonly inboxCommands: number
  /** Maximum of waiting bytes of a connection; beyond it 3008. */
  readonly outboxBytes: number
  /** Maximum time in which a full socket takes nothing; beyond it 3008. */
  readonly slowTimeout: number
  /**
   * Maximum of buffered publications of a channel during a repair, and of a subscription during its set-up.
   */
  readonly bufferedPublications: number
  readonly subscriptionsPerConnection: number
  readonly channelLength: number
  /** Maximum size of a token. */
  readonly tokenLength: number
  /** Maximum of publications of one recovery; 0: the whole history. */
  readonly recoveryPublications: number
  /** Maximum of publications of one history reply. */
  readonly historyPublications: number
  /** Time that frames of a busy socket wait to be written together. */
  readonly writeDelay: number
  /** Interval at which idle channels are compared with their streams. */
  readonly positionCheckInterval: number
  /** Interval at which a node with too many connections may shed some; 0 disables. See `rebalance.ts`. */
  readonly rebalanceInterval: number
  /** Time without rebalancing after a node joined or left. */
  readonly rebalanceSettle: number
  /** Maximum of connections shed a second, by rebalancing or age. */
  readonly shedRate: number
  /** Maximum age of a connection, with 20 % jitter; 0 disables. */
  readonly connectionAge: number
}

/**
 * starting: without a lease, at first or after its loss · serving · draining: for maintenance, until `resume`
 * · ending: draining without a return · closed.
 */
export type NodeState = 'starting' | 'serving' | 'draining' | 'ending' | 'closed'

export interface NodeOptions {
  readonly name: string
  readonly version: string
  readonly cluster: Cluster
  readonly channels: ChannelsConfig
  readonly hooks?: Hooks
  /** Absent: the node accepts no tokens. */
  readonly tokens?: TokenVerifier
  /** Accepts clients without a token, with a temporary user id (`anon-…`). */
  readonly allowAnonymous?: boolean
  readonly limits?: Partial<Limits>
  readonly clock?: Clock
  /** Uniform in [0, 1). */
  readonly random?: () => number
  /** Creates a connection id. */
  readonly newId?: () => string
}

/** A connection, as the WebSocket route knows it. Calls after `onClosed` are ignored. */
export interface ConnectionHandle {
  onMessage(bytes: Uint8Array, isBinary: boolean): void
  /** The kernel took waiting bytes: `bufferedAmount` fell. */
  onDrain(): void
  /** A WebSocket pong frame arrived. */
  onPong(): void
  /** The socket is gone. `code`: as of the WebSocket (1005: none, 1006: without a close frame). */
  onClosed(code: number, reason: string): void
}

export interface PublishCall {
  readonly data: Payload
  readonly tags?: Readonly<Record<string, string>>
  readonly skipHistory?: boolean
  readonly idempotencyKey?: string
  /** The author, as subscribers see it. */
  readonly info?: ClientInfo
}

/** Selects connections: all of `user`, or one by `client` or `session`. */
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

/** The purpose of a drain: the end of the node, or maintenance until {@link SkeinNode.resume}. */
export type DrainPurpose = 'end' | 'maintenance'

/** Present numbers of the node. The last three are totals since the start; a scrape reads them. */
export interface NodeStats {
  readonly clients: number
  readonly users: number
  readonly channels: number
  readonly subs: number
  /** Connect commands that wait. */
  readonly connectsWaiting: number
  /** Bytes that wait in outboxes. */
  readonly outboxBytes: number
  /** WebSocket messages written, protocol messages in them, their payload bytes. */
  readonly framesSent: number
  readonly messagesSent: number
  readonly bytesSent: number
}

/**
 * One node. Methods that reach the cluster reject with `ReplyError`: 102 for an unknown namespace, 107 for a
 * malformed channel name, 108 if the namespace has the feature off, 100 (temporary) while the cluster is
 * unreachable.
 */
export interface SkeinNode {
  readonly uid: string
  readonly events: Events
  readonly state: NodeState
  /**
   * Takes the lease and resolves when the node can serve. Retries while the cluster is unreachable; see
   * `ready`.
   */
  start(): Promise<void>
  /** Whether the node serves connections now, and the reason if not. */
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
  /**
   * Channels and their numbers of subscribers in the cluster. `pattern`: a glob. Asks every node, for 1 s at
   * most.
   */
  channels(pattern?: string): Promise<Readonly<Record<string, number>>>
  info(): Promise<readonly NodeInfo[]>
  sessions(user: string): Promise<readonly Session[]>
  stats(): NodeStats
  /**
   * Accepts no new connections and closes all others with 3001, evenly over `windowMs`; connections with
   * something in flight close last. Resolves when none is left, or when a later call takes over. Default
   * purpose: the end.
   */
  drain(windowMs: number, purpose?: DrainPurpose): Promise<void>
  /** Ends a drain for maintenance. False: there is none, or the node ends. */
  resume(): boolean
  /** Closes open connections with 3001, releases the lease and closes the cluster. */
  close(): Promise<void>
}
