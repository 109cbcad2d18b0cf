/** Fields of requests. Numbers from `client.proto` of centrifugal/protocol v0.21. */
import type {
  ChannelRequest,
  ConnectRequest,
  HistoryRequest,
  PublishRequest,
  RefreshRequest,
  Requests,
  RpcRequest,
  SendRequest,
  StreamPosition,
  SubRefreshRequest,
  SubscribeRequest,
  Verb,
} from '../messages.ts'
import {
  bool,
  data,
  int32,
  int64,
  type MessageOf,
  message,
  type OptionalField,
  one,
  required,
  string,
  strings,
  uint64,
} from './schema.ts'

const position = message<StreamPosition>({ offset: required(uint64(1)), epoch: required(string(2)) })

const subscribeFields = {
  token: string(2),
  recover: bool(3),
  epoch: string(6),
  offset: uint64(7),
  data: data(8),
  positioned: bool(9),
  recoverable: bool(10),
  joinLeave: bool(11),
  delta: string(12),
  flag: int64(14),
  type: int32(15),
}

const subscribe = message<SubscribeRequest>({ channel: required(string(1)), ...subscribeFields })

/** In `connect`, the map's key is the channel. */
const recovery = message<Omit<SubscribeRequest, 'channel'>>(subscribeFields)

const subs: OptionalField<Readonly<Record<string, SubscribeRequest>>> = {
  no: 3,
  shape: { kind: 'map', message: recovery, keyInto: 'channel' },
  always: false,
  required: false,
}

const connect = message<ConnectRequest>({
  token: string(1),
  data: data(2),
  subs,
  name: string(4),
  version: string(5),
  headers: strings(6),
})

const channel = message<ChannelRequest>({ channel: required(string(1)) })

/**
 * The verbs in the order of their field numbers in `Command`; of several in one command, the first counts.
 */
export const REQUESTS: {
  readonly [V in Verb]: { readonly no: number; readonly of: MessageOf<Requests[V]> }
} = {
  connect: { no: 4, of: connect },
  subscribe: { no: 5, of: subscribe },
  unsubscribe: { no: 6, of: channel },
  publish: { no: 7, of: message<PublishRequest>({ channel: required(string(1)), data: data(2) }) },
  presence: { no: 8, of: channel },
  presence_stats: { no: 9, of: channel },
  history: {
    no: 10,
    of: message<HistoryRequest>({
      channel: required(string(1)),
      limit: int32(7),
      since: one(8, position),
      reverse: bool(9),
    }),
  },
  ping: { no: 11, of: message<Record<never, never>>({}) },
  send: { no: 12, of: message<SendRequest>({ data: data(1) }) },
  rpc: { no: 13, of: message<RpcRequest>({ data: data(1), method: required(string(2)) }) },
  refresh: { no: 14, of: message<RefreshRequest>({ token: string(1) }) },
  sub_refresh: {
    no: 15,
    of: message<SubRefreshRequest>({ channel: required(string(1)), token: string(2) }),
  },
}

export const VERBS = Object.keys(REQUESTS) as readonly Verb[]
