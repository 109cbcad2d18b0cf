/**
 * What a node needs from the rest of the cluster, declared by who needs it. `memory/` implements all of it in one
 * process, `@skein/redis` over Redis; both pass the contract suites of `@skein/testkit`.
 *
 * Every promise here is bounded in time by the implementation and rejects with {@link Unavailable} when the other
 * side cannot be reached; nothing waits without end.
 */
import type { ClientInfo, Envelope, StoredPublication, StreamPosition } from '@skein/protocol'

/** The port's other side cannot be reached, or did not answer in time: the caller may try again. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}

/** How a channel's publications are kept. Sizes count publications, times are in seconds. */
export interface StreamOptions {
  /** 0: no history, offsets are not counted. */
  readonly historySize: number
  readonly historyTtl: number
  /** How long epoch and offset outlive the last publication. Longer than `historyTtl`. */
  readonly metaTtl: number
  /** `replicated`: a publish resolves once a replica has it, and rejects where that takes too long or there is none. */
  readonly durability?: 'primary' | 'replicated'
}

export interface PublishOptions extends StreamOptions {
  /** A retry with the same key within 5 minutes returns the first result and delivers nothing. */
  readonly idempotencyKey?: string
}

/** `offset` 0 and `epoch` '' when the channel keeps no history. `duplicate`: the idempotency key was known. */
export interface PublishResult extends StreamPosition {
  readonly duplicate: boolean
}

export interface HistoryFilter {
  /** Publications after this offset (before it when `reverse`). Absent: from the end that `reverse` names. */
  readonly since?: number
  /** How many at most; 0: the position only; -1: all that is kept. */
  readonly limit: number
  readonly reverse?: boolean
  /** To make the stream's epoch where the channel has none yet, and keep it alive. */
  readonly metaTtl: number
}

/** A page of a channel's stream, with the stream's top position at the moment of reading. */
export interface HistoryPage extends StreamPosition {
  readonly publications: readonly StoredPublication[]
  /**
   * Earlier epochs of this stream and the last offset of each that is still part of it: a new epoch begins whenever the store
   * may have lost the end of the one before, and goes on behind what was left. A position of an earlier epoch up to its last
   * offset is one of this stream; a position beyond it is of publications that were lost.
   */
  readonly before?: readonly StreamPosition[]
}

/** What the broker tells its node. Called in the channel's order; must not block. */
export interface BrokerListener {
  onPublication(channel: string, position: StreamPosition, envelope: Envelope): void
  /** `users`: how many are in the channel now, of all nodes, where whoever tells it knows. */
  onJoin(channel: string, info: ClientInfo, users?: number): void
  onLeave(channel: string, info: ClientInfo, users?: number): void
  /** The bus was away and is back with its interest restored: publications may be missing on these channels, or on any. */
  onRestored(channels?: readonly string[]): void
}

/** Channels: interest, publications, their streams. */
export interface Broker {
  /** Before anything else, once. */
  listen(listener: BrokerListener): void
  /** Resolves once publications of this channel reach the listener. */
  subscribe(channel: string): Promise<void>
  unsubscribe(channel: string): Promise<void>
  /**
   * One atomic step: idempotency check, offset, append with trimming, delivery to every node with interest. A personal
   * channel (`#user`) is delivered to the nodes that hold sessions of that user instead, by the session index.
   */
  publish(channel: string, envelope: Envelope, options: PublishOptions): Promise<PublishResult>
  history(channel: string, filter: HistoryFilter): Promise<HistoryPage>
  /** Top positions of several channels in one round trip; `undefined` where a channel has no stream. */
  positions(channels: readonly string[]): Promise<readonly (StreamPosition | undefined)[]>
  /** Forgets what the stream holds; its epoch and offset go on. */
  removeHistory(channel: string): Promise<void>
}

/** A connection in a channel. */
export interface PresenceEntry extends ClientInfo {
  /** The connection was lost, and its user may be back before the grace has passed. */
  readonly suspected?: true
}

/**
 * Who is in a channel. Entries belong to this node's incarnation and end with it. A removal that rejects is retried by
 * the node, here and in {@link Sessions}; the port does not retry it.
 */
export interface Presence {
  /**
   * Adds a connection. With `announce`, a join goes to the channel's listeners when it is the user's first there. `grace`, ms:
   * what its user is given when the incarnation ends without a word; default 0.
   */
  add(channel: string, info: ClientInfo, announce: boolean, grace?: number): Promise<void>
  /**
   * Removes it. With `announce`, a leave goes out when it was the user's last. Unknown connections are ignored. `grace`, ms:
   * the connection was lost, and the leave waits so long for the user to be back, on any node; then there is neither leave
   * nor join. Default 0: it left. The grace is counted even if this node dies.
   */
  remove(channel: string, info: ClientInfo, announce: boolean, grace?: number): Promise<void>
  /**
   * Connections of live incarnations; with `suspected`, also one entry for each user whose grace has not passed, including
   * those of incarnations that are dead and not reaped yet.
   */
  list(channel: string, suspected?: boolean): Promise<readonly PresenceEntry[]>
  /** Counts what {@link list} lists. */
  stats(channel: string, suspected?: boolean): Promise<{ readonly clients: number; readonly users: number }>
}

/** The record of one connection, found by its user from any node. */
export interface Session {
  readonly client: string
  readonly user: string
  /** The incarnation that holds the connection. */
  readonly node: string
  /** Unix ms. */
  readonly connectedAt: number
  /** What the network stage knew: address, user agent, request id. */
  readonly meta?: Readonly<Record<string, string>>
}

export interface Sessions {
  /** Resolves once publications to the user's personal channel reach this node. */
  add(session: Omit<Session, 'node'>): Promise<void>
  remove(user: string, client: string): Promise<void>
  /** Sessions on live incarnations. */
  list(user: string): Promise<readonly Session[]>
}

/** One node as the others see it. */
export interface NodeInfo {
  /** Incarnation: unique for one run of one node. */
  readonly uid: string
  readonly name: string
  readonly version: string
  readonly numClients: number
  readonly numUsers: number
  readonly numChannels: number
  readonly numSubs: number
  /** Seconds. */
  readonly uptime: number
  /** It takes no new connections. Absent: it does. */
  readonly draining?: boolean
  /** It gives connections away to emptier nodes. Absent: it does not. */
  readonly shedding?: boolean
}

/** Who is in the cluster: each node proves itself by one lease. */
export interface Membership {
  /** This node's incarnation. */
  readonly uid: string
  /** Takes the lease and keeps it; `describe` is asked at each renewal. `onLost`: the incarnation is over, see `Node`. */
  join(describe: () => NodeInfo, onLost: () => void): Promise<void>
  /** Nodes with a live lease, this one included. */
  nodes(): Promise<readonly NodeInfo[]>
  /** Gives the lease back and removes everything that belongs to this incarnation. */
  leave(): Promise<void>
}

/** An order to all nodes about the connections of a user, or a question to all nodes. JSON-serialisable. */
export type ControlMessage =
  | {
      readonly op: 'disconnect'
      readonly user: string
      readonly client?: string
      readonly session?: string
      readonly whitelist?: readonly string[]
      readonly code: number
      readonly reason: string
    }
  | {
      readonly op: 'subscribe'
      readonly user: string
      readonly client?: string
      readonly session?: string
      readonly channel: string
      readonly options: ServerSubscription
    }
  | {
      readonly op: 'unsubscribe'
      readonly user: string
      readonly client?: string
      readonly session?: string
      readonly channel: string
    }
  | {
      readonly op: 'refresh'
      readonly user: string
      readonly client?: string
      readonly session?: string
      readonly expired: boolean
      /** Unix seconds; 0: never. */
      readonly expireAt: number
    }
  | { readonly op: 'survey'; readonly id: string; readonly from: string; readonly pattern: string }
  | {
      readonly op: 'survey_reply'
      readonly id: string
      readonly to: string
      readonly from: string
      readonly channels: Readonly<Record<string, number>>
    }

/** How a server-side subscription is made. `info` and `data` are JSON text. */
export interface ServerSubscription {
  readonly info?: string
  readonly data?: string
  readonly recoverSince?: StreamPosition
  readonly expireAt?: number
  readonly override?: {
    readonly presence?: boolean
    readonly joinLeave?: boolean
    readonly forceRecovery?: boolean
    readonly forcePositioning?: boolean
    readonly forcePushJoinLeave?: boolean
  }
}

/** Orders for the whole cluster. */
export interface Control {
  /** Before anything else, once. The listener hears this node's own messages too. */
  listen(listener: (message: ControlMessage) => void): void
  /** To every live node; resolves once the bus has taken it. */
  send(message: ControlMessage): Promise<void>
}

/** All ports of one node. */
export interface Cluster {
  readonly broker: Broker
  readonly presence: Presence
  readonly sessions: Sessions
  readonly membership: Membership
  readonly control: Control
  /** Whether the other side answers now, and what is wrong if it does not: for readiness. */
  health(): Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }>
  close(): Promise<void>
}

/** Time, injected so that core can be simulated. Milliseconds. */
export interface Clock {
  /** Unix time. */
  now(): number
  /** Monotonic. */
  monotonic(): number
  /** 0 ms: as soon as what has arrived meanwhile is handled. */
  setTimeout(run: () => void, ms: number): Timer
  clearTimeout(timer: Timer): void
}

/** A handle of {@link Clock.setTimeout}. */
export type Timer = object | number
