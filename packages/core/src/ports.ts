/**
 * The ports: what a node needs from its cluster. `memory/` implements them in one process, `@skein/redis`
 * over Redis; both pass the contract suites of `@skein/testkit`.
 *
 * The implementation bounds every promise in time and rejects with {@link Unavailable} if the other side is
 * unreachable.
 */
import type { ClientInfo, Envelope, StoredPublication, StreamPosition } from '@skein/protocol'

/** The other side of a port is unreachable or did not answer in time. The caller may retry. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}

/** The history of a channel. Sizes count publications, times are in seconds. */
export interface StreamOptions {
  /** 0: no history and no offsets. */
  readonly historySize: number
  readonly historyTtl: number
  /** Time that epoch and offset outlive the last publication. Longer than `historyTtl`. */
  readonly metaTtl: number
  /**
   * `replicated`: a publish resolves once a replica has it, and rejects if that takes too long or there is
   * none.
   */
  readonly durability?: 'primary' | 'replicated'
}

export interface PublishOptions extends StreamOptions {
  /** A publish with the same key within 5 minutes returns the first result and delivers nothing. */
  readonly idempotencyKey?: string
}

/** `offset` is 0 and `epoch` '' without history. `duplicate`: the idempotency key was known. */
export interface PublishResult extends StreamPosition {
  readonly duplicate: boolean
}

export interface HistoryFilter {
  /**
   * Publications after this offset (before it if `reverse`). Absent: from the oldest (newest if `reverse`).
   */
  readonly since?: number
  /** Maximum of publications; 0: the position only; -1: the whole history. */
  readonly limit: number
  readonly reverse?: boolean
  /** Lifetime of the stream's epoch, which the call extends. Without a stream it stores nothing. Seconds. */
  readonly metaTtl: number
}

/** A page of a channel's stream, with the stream's top position at the moment of reading. */
export interface HistoryPage extends StreamPosition {
  readonly publications: readonly StoredPublication[]
  /**
   * Earlier epochs of this stream, with the last offset of each that survived. A new epoch begins when the
   * store may have lost the end of the one before. A position of an earlier epoch up to that offset belongs
   * to this stream; a position beyond it names lost publications.
   */
  readonly before?: readonly StreamPosition[]
}

/** Receives the messages of the broker, in the order of each channel. Must not block. */
export interface BrokerListener {
  onPublication(channel: string, position: StreamPosition, envelope: Envelope): void
  /** `users`: the present number of users in the channel on all nodes, if known. */
  onJoin(channel: string, info: ClientInfo, users?: number): void
  onLeave(channel: string, info: ClientInfo, users?: number): void
  /** The bus was unreachable and has its interest again: these channels, or any, may lack publications. */
  onRestored(channels?: readonly string[]): void
}

/** Channels: interest, publications, their streams. */
export interface Broker {
  /** Called once, before any other method. */
  listen(listener: BrokerListener): void
  /** Resolves once publications of the channel reach the listener. */
  subscribe(channel: string): Promise<void>
  unsubscribe(channel: string): Promise<void>
  /**
   * One atomic step: idempotency check, offset, append with trimming, delivery to every node with interest. A
   * publication in a personal channel (`#user`) is delivered to the nodes with sessions of that user, by the
   * session index.
   */
  publish(channel: string, envelope: Envelope, options: PublishOptions): Promise<PublishResult>
  history(channel: string, filter: HistoryFilter): Promise<HistoryPage>
  /** Top positions of several channels in one round trip; `undefined` for a channel without a stream. */
  positions(channels: readonly string[]): Promise<readonly (StreamPosition | undefined)[]>
  /** Removes the publications of the stream. Its epoch and offset continue. */
  removeHistory(channel: string): Promise<void>
}

/** A connection in a channel. */
export interface PresenceEntry extends ClientInfo {
  /** The connection was lost, and the grace period of its user has not passed. */
  readonly suspected?: true
}

/**
 * The connections of each channel. Entries belong to this node's incarnation and end with it. The node
 * retries a removal that rejects, here and in {@link Sessions}; the port does not.
 */
export interface Presence {
  /**
   * Adds a connection. With `announce`, the user's first connection in the channel announces a join. `grace`:
   * the grace period if the incarnation dies, ms; default 0.
   */
  add(channel: string, info: ClientInfo, announce: boolean, grace?: number): Promise<void>
  /**
   * Removes a connection; ignores an unknown one. With `announce`, the user's last connection announces a
   * leave. `grace`: the connection was lost, and the leave waits so long, ms. If the user returns on any node
   * meanwhile, there is neither leave nor join. Default 0: the connection left. The grace period continues if
   * this node dies.
   */
  remove(channel: string, info: ClientInfo, announce: boolean, grace?: number): Promise<void>
  /**
   * Connections of live incarnations. With `suspected`, also one entry for each user in the grace period,
   * including users of dead incarnations that are not reaped yet.
   */
  list(channel: string, suspected?: boolean): Promise<readonly PresenceEntry[]>
  /** Counts the entries of {@link list}. */
  stats(channel: string, suspected?: boolean): Promise<{ readonly clients: number; readonly users: number }>
}

/** The record of one connection. Any node finds it by its user. */
export interface Session {
  readonly client: string
  readonly user: string
  /** The incarnation of the connection's node. */
  readonly node: string
  /** Unix ms. */
  readonly connectedAt: number
  /** Facts of the handshake: address, user agent. */
  readonly meta?: Readonly<Record<string, string>>
}

export interface Sessions {
  /** Resolves once publications in the user's personal channel reach this node. */
  add(session: Omit<Session, 'node'>): Promise<void>
  remove(user: string, client: string): Promise<void>
  /** Sessions on live incarnations. */
  list(user: string): Promise<readonly Session[]>
}

/** A node, as other nodes see it. */
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
  /** The node accepts no new connections. */
  readonly draining?: boolean
  /** The node sheds connections to emptier nodes. */
  readonly shedding?: boolean
}

/** The nodes of the cluster. Each holds one lease. */
export interface Membership {
  /** This node's incarnation. */
  readonly uid: string
  /** Takes and renews the lease, with `describe` at each renewal. `onLost`: the incarnation is over. */
  join(describe: () => NodeInfo, onLost: () => void): Promise<void>
  /** Nodes with a live lease, this one included. */
  nodes(): Promise<readonly NodeInfo[]>
  /** Releases the lease and removes all entries of this incarnation. */
  leave(): Promise<void>
}

/** A message to all nodes: about the connections of a user, or a survey. JSON-serialisable. */
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

/** The options of a server-side subscription. `info` and `data` are JSON text. */
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

/** Messages to the nodes of the cluster. */
export interface Control {
  /** Called once, before any other method. The listener receives this node's own messages, too. */
  listen(listener: (message: ControlMessage) => void): void
  /** Sends to every live node. Resolves once the bus has the message. */
  send(message: ControlMessage): Promise<void>
}

/** All ports of one node. */
export interface Cluster {
  readonly broker: Broker
  readonly presence: Presence
  readonly sessions: Sessions
  readonly membership: Membership
  readonly control: Control
  /** Whether the other side answers now, and the reason if not. For readiness. */
  health(): Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }>
  close(): Promise<void>
}

/** Time in ms, injected so that tests can simulate it. */
export interface Clock {
  /** Unix time. */
  now(): number
  /** Monotonic. */
  monotonic(): number
  /** 0 ms: after the events that have arrived meanwhile. */
  setTimeout(run: () => void, ms: number): Timer
  clearTimeout(timer: Timer): void
}

/** A handle of {@link Clock.setTimeout}. */
export type Timer = object | number
