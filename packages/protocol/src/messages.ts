/**
 * The messages of the Centrifuge client protocol v2 that Skein supports (streams).
 *
 * Source: `centrifugal/protocol`, `definitions/client.proto`. Field names here are camelCase; the wire has
 * snake_case in JSON and numbers in Protobuf. Absent optional fields have the wire's zero values.
 */
import type { ErrorCode } from './codes.ts'
import type { Payload } from './payload.ts'

/** A position in a channel's stream: `offset` counts from 1, `epoch` identifies the stream. */
export interface StreamPosition {
  readonly offset: number
  readonly epoch: string
}

/** The user and data of a connection as other clients see them. `connInfo` and `chanInfo` are JSON text. */
export interface ClientInfo {
  readonly user: string
  readonly client: string
  readonly connInfo?: string
  readonly chanInfo?: string
}

/** Data with an offset. `offset` 0: the channel keeps no history. `time`: Unix ms at the publishing node. */
export interface Publication {
  readonly offset: number
  readonly data: Payload
  readonly info?: ClientInfo
  readonly tags?: Readonly<Record<string, string>>
  readonly time?: number
  readonly channel?: string
}

export interface ConnectRequest {
  readonly token?: string
  readonly data?: Payload
  /** Positions of server-side subscriptions to recover, by channel. */
  readonly subs?: Readonly<Record<string, SubscribeRequest>>
  readonly name?: string
  readonly version?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface SubscribeRequest {
  readonly channel: string
  readonly token?: string
  readonly recover?: boolean
  readonly epoch?: string
  readonly offset?: number
  readonly data?: Payload
  readonly positioned?: boolean
  readonly recoverable?: boolean
  readonly joinLeave?: boolean
  /** The requested kind of deltas: `fossil`. */
  readonly delta?: string
  /** Bit 2 requests error 112 instead of `recovered: false`. */
  readonly flag?: number
  /** 0 is a stream; other types (map, shared poll) are rejected. */
  readonly type?: number
}

export interface ChannelRequest {
  readonly channel: string
}

export interface PublishRequest {
  readonly channel: string
  readonly data?: Payload
}

export interface HistoryRequest {
  readonly channel: string
  /** 0 returns the position only; a negative value means the server's limit. */
  readonly limit?: number
  readonly since?: StreamPosition
  readonly reverse?: boolean
}

export interface SendRequest {
  readonly data?: Payload
}

export interface RpcRequest {
  readonly method: string
  readonly data?: Payload
}

export interface RefreshRequest {
  readonly token?: string
}

export interface SubRefreshRequest {
  readonly channel: string
  readonly token?: string
}

/** Requests of a client, by verb. */
export interface Requests {
  connect: ConnectRequest
  subscribe: SubscribeRequest
  unsubscribe: ChannelRequest
  publish: PublishRequest
  presence: ChannelRequest
  presence_stats: ChannelRequest
  history: HistoryRequest
  ping: Record<never, never>
  send: SendRequest
  rpc: RpcRequest
  refresh: RefreshRequest
  sub_refresh: SubRefreshRequest
}

export type Verb = keyof Requests

/**
 * One command of a client. `pong` is the empty command that replies to the server's ping. `id` 0 requests no
 * reply.
 */
export type Command =
  | { [V in Verb]: { readonly id: number; readonly verb: V; readonly request: Requests[V] } }[Verb]
  | { readonly id: 0; readonly verb: 'pong' }

export type CommandOf<V extends Verb> = Extract<Command, { verb: V; request: unknown }>

export interface ConnectResult {
  readonly client: string
  readonly version: string
  readonly expires?: boolean
  /** Seconds until the token expires. */
  readonly ttl?: number
  readonly data?: Payload
  readonly subs?: Readonly<Record<string, SubscribeResult>>
  /** Seconds between the server's pings; absent: none. */
  readonly ping?: number
  readonly pong?: boolean
  readonly session?: string
  readonly node?: string
  readonly time?: number
}

export interface SubscribeResult {
  readonly expires?: boolean
  readonly ttl?: number
  readonly recoverable?: boolean
  readonly epoch?: string
  readonly publications?: readonly StoredPublication[]
  readonly recovered?: boolean
  readonly offset?: number
  readonly positioned?: boolean
  readonly data?: Payload
  readonly wasRecovering?: boolean
  /** True when the subscription has deltas, and its publications carry a `base`. */
  readonly delta?: true
}

export interface PresenceResult {
  readonly presence: Readonly<Record<string, ClientInfo>>
}

export interface PresenceStatsResult {
  readonly numClients: number
  readonly numUsers: number
}

export interface HistoryResult {
  readonly publications: readonly StoredPublication[]
  readonly epoch: string
  readonly offset: number
}

export interface RpcResult {
  readonly data?: Payload
}

export interface RefreshResult {
  readonly client?: string
  readonly version?: string
  readonly expires?: boolean
  readonly ttl?: number
}

export interface SubRefreshResult {
  readonly expires?: boolean
  readonly ttl?: number
}

export type EmptyResult = Record<never, never>

/** Results by verb. `send` has no reply. */
export interface Results {
  connect: ConnectResult
  subscribe: SubscribeResult
  unsubscribe: EmptyResult
  publish: EmptyResult
  presence: PresenceResult
  presence_stats: PresenceStatsResult
  history: HistoryResult
  ping: EmptyResult
  rpc: RpcResult
  refresh: RefreshResult
  sub_refresh: SubRefreshResult
}

export type ReplyVerb = keyof Results

/** The reply to the command with the same `id`. */
export type Reply =
  | { [V in ReplyVerb]: { readonly id: number; readonly verb: V; readonly result: Results[V] } }[ReplyVerb]
  | { readonly id: number; readonly verb: 'error'; readonly error: ErrorCode }

/**
 * A publication as the broker stores it: the offset and the {@link Envelope} text.
 * JSON clients receive the envelope spliced into the frame, without parsing.
 */
export interface StoredPublication {
  readonly offset: number
  readonly envelope: Envelope
  /** The previous publication of a subscription with deltas; `null` for the first. Absent without deltas. */
  readonly base?: Envelope | null
}

/**
 * The JSON text of a publication without its offset, on one line:
 * `{"data":…,"info":{…},"tags":{…},"time":…}`. Bytes that are not JSON are in `"b64data":"…"` instead of
 * `data`. Written by `encodeEnvelope`, read by `decodeEnvelope` only.
 */
export type Envelope = string & { readonly envelope: unique symbol }

/** Messages that the server sends without a command. An empty reply (`ping`) requests a pong. */
export type Push =
  | ({ readonly kind: 'pub'; readonly channel: string } & StoredPublication)
  | { readonly kind: 'join'; readonly channel: string; readonly info: ClientInfo }
  | { readonly kind: 'leave'; readonly channel: string; readonly info: ClientInfo }
  | { readonly kind: 'unsubscribe'; readonly channel: string; readonly code: number; readonly reason: string }
  | { readonly kind: 'subscribe'; readonly channel: string; readonly result: SubscribeResult }
  | { readonly kind: 'message'; readonly data: Payload }
  | { readonly kind: 'connect'; readonly result: ConnectResult }
  | {
      readonly kind: 'disconnect'
      readonly code: number
      readonly reason: string
      readonly reconnect: boolean
    }
  | { readonly kind: 'refresh'; readonly expires: boolean; readonly ttl: number }
  | { readonly kind: 'ping' }
