/** Fields of results and pushes. Numbers from `client.proto` of centrifugal/protocol v0.21. */
import type { ErrorCode } from '../codes.ts'
import type {
  ClientInfo,
  ConnectResult,
  EmptyResult,
  HistoryResult,
  PresenceResult,
  PresenceStatsResult,
  Publication,
  RefreshResult,
  ReplyVerb,
  Results,
  RpcResult,
  StoredPublication,
  SubRefreshResult,
  SubscribeResult,
} from '../messages.ts'
import type { Payload } from '../payload.ts'
import {
  always,
  bool,
  data,
  flag,
  int64,
  json,
  type MessageOf,
  map,
  message,
  type OptionalField,
  one,
  required,
  string,
  strings,
  uint32,
  uint64,
} from './schema.ts'

export const clientInfo = message<ClientInfo>({
  user: always(string(1)),
  client: always(string(2)),
  connInfo: json(3),
  chanInfo: json(4),
})

/** A publication on the wire. Optional data, since Protobuf omits empty bytes. */
export type WirePublication = Omit<Publication, 'data'> & { readonly data?: Payload }

export const publication = message<WirePublication>({
  data: data(4),
  info: one(5, clientInfo),
  offset: required(uint64(6)),
  tags: strings(7),
  time: int64(9),
  channel: string(10),
})

/**
 * The publication as it is written for a subscription with deltas. `delta` marks a patch. Skein does not read
 * this form.
 */
export const deltaPublication = message<WirePublication & { readonly delta?: true }>({
  data: data(4),
  info: one(5, clientInfo),
  offset: required(uint64(6)),
  tags: strings(7),
  delta: flag(8),
  time: int64(9),
  channel: string(10),
})

const publications = (no: number): OptionalField<readonly StoredPublication[]> => ({
  no,
  shape: { kind: 'publications' },
  always: false,
  required: false,
})

export const error = message<ErrorCode>({
  code: required(uint32(1)),
  message: required(string(2)),
  temporary: flag(3),
})

const subscribe = message<SubscribeResult>({
  expires: bool(1),
  ttl: uint32(2),
  recoverable: bool(3),
  epoch: string(6),
  publications: publications(7),
  recovered: bool(8),
  offset: uint64(9),
  positioned: bool(10),
  data: data(11),
  wasRecovering: bool(12),
  delta: flag(13),
})

const connect = message<ConnectResult>({
  client: required(string(1)),
  version: required(string(2)),
  expires: bool(3),
  ttl: uint32(4),
  data: data(5),
  subs: map(6, subscribe),
  ping: uint32(7),
  pong: bool(8),
  session: string(9),
  node: string(10),
  time: int64(11),
})

const empty = message<EmptyResult>({})

/** The results in the order of their field numbers in `Reply`. */
export const RESULTS: {
  readonly [V in ReplyVerb]: { readonly no: number; readonly of: MessageOf<Results[V]> }
} = {
  connect: { no: 5, of: connect },
  subscribe: { no: 6, of: subscribe },
  unsubscribe: { no: 7, of: empty },
  publish: { no: 8, of: empty },
  presence: { no: 9, of: message<PresenceResult>({ presence: always(map(1, clientInfo)) }) },
  presence_stats: {
    no: 10,
    of: message<PresenceStatsResult>({ numClients: always(uint32(1)), numUsers: always(uint32(2)) }),
  },
  history: {
    no: 11,
    of: message<HistoryResult>({
      publications: always(publications(1)),
      epoch: always(string(2)),
      offset: always(uint64(3)),
    }),
  },
  ping: { no: 12, of: empty },
  rpc: { no: 13, of: message<RpcResult>({ data: data(1) }) },
  refresh: {
    no: 14,
    of: message<RefreshResult>({ client: string(1), version: string(2), expires: bool(3), ttl: uint32(4) }),
  },
  sub_refresh: { no: 15, of: message<SubRefreshResult>({ expires: bool(1), ttl: uint32(2) }) },
}

export const REPLY_VERBS = Object.keys(RESULTS) as readonly ReplyVerb[]

/** All pushes except `pub`, which has a shorter path (see `json.ts`), each with its message. */
export interface PushBodies {
  join: { readonly info: ClientInfo }
  leave: { readonly info: ClientInfo }
  unsubscribe: { readonly code: number; readonly reason: string }
  message: { readonly data?: Payload }
  subscribe: Pick<SubscribeResult, 'recoverable' | 'epoch' | 'offset' | 'positioned' | 'data'>
  connect: ConnectResult
  disconnect: { readonly code: number; readonly reason: string; readonly reconnect: boolean }
  refresh: { readonly expires: boolean; readonly ttl: number }
}

export type PushKind = keyof PushBodies

const info = message<PushBodies['join']>({ info: required(one(1, clientInfo)) })

export const PUSHES: {
  readonly [K in PushKind]: { readonly no: number; readonly of: MessageOf<PushBodies[K]> }
} = {
  join: { no: 5, of: info },
  leave: { no: 6, of: info },
  unsubscribe: {
    no: 7,
    of: message<PushBodies['unsubscribe']>({ code: required(uint32(2)), reason: required(string(3)) }),
  },
  message: { no: 8, of: message<PushBodies['message']>({ data: data(1) }) },
  subscribe: {
    no: 9,
    of: message<PushBodies['subscribe']>({
      recoverable: bool(1),
      epoch: string(4),
      offset: uint64(5),
      positioned: bool(6),
      data: data(7),
    }),
  },
  connect: { no: 10, of: connect },
  disconnect: {
    no: 11,
    of: message<PushBodies['disconnect']>({
      code: required(uint32(1)),
      reason: required(string(2)),
      reconnect: required(bool(3)),
    }),
  },
  refresh: {
    no: 12,
    of: message<PushBodies['refresh']>({ expires: required(bool(1)), ttl: required(uint32(2)) }),
  },
}

export const PUSH_KINDS = Object.keys(PUSHES) as readonly PushKind[]

/**
 * Field numbers of the outermost messages: `Reply.id`, `Reply.error`, `Reply.push`; `Push.channel`,
 * `Push.pub`.
 */
export const REPLY_FIELD = { id: 1, error: 2, push: 4 } as const
export const PUSH_FIELD = { channel: 2, pub: 4 } as const
