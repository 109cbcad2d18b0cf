/** Commands to a load process and its replies, over Node's message channel between processes. */
import type { Encoding } from '@skein/protocol'

/** Clients with one behaviour. */
export interface Group {
  readonly name: string
  readonly clients: number
  /** Channels of each client. Default 1. */
  readonly channels?: number
  readonly encoding?: Encoding
  /** Cut without a close frame every so often, and back after a while. Ms. */
  readonly flap?: { readonly every: number; readonly away: number }
  /** Reads slowly: pauses for this long, then reads for a moment. Ms. */
  readonly drip?: { readonly still: number; readonly reading: number }
  /** The official SDK instead of the bare protocol. Expensive: some dozens at most. */
  readonly sdk?: true
  /** The only channel of each client, instead of some of the plan's. */
  readonly only?: string
  /** Clients connect to this node directly, and do not reconnect when they lose it. */
  readonly boundTo?: number
  /** Source addresses are 127.NETWORK.x.y. Default: by the client's number. */
  readonly network?: number
  /** In a load process of its own, so that these clients take no time of the others' process. */
  readonly apart?: true
}

export interface Plan {
  /** Begins the names of all clients of this process. */
  readonly name: string
  readonly trace: string
  readonly seed: number
  /** Each connection goes to one of them, at random. */
  readonly urls: readonly string[]
  /** Public addresses of the nodes. */
  readonly nodeUrls: readonly string[]
  /** Internal addresses of nodes, for publishing by the server API. */
  readonly apiUrls: readonly string[]
  readonly channels: readonly string[]
  readonly groups: readonly Group[]
  readonly publish: {
    /** Clients that publish on their own connection, each into one channel. */
    readonly bySocket: number
    /**
     * Backends that publish by the server API and retry with the same idempotency key until it is
     * acknowledged.
     */
    readonly byApi: number
    /** Ms between two publications of one publisher. */
    readonly every: number
    /** Characters of data beyond the fields for the checker. */
    readonly padding: number
  }
  /** Ms over which clients first connect. */
  readonly ramp: number
}

/** The top position of a channel. */
export interface Top {
  readonly channel: string
  readonly epoch: string
  readonly offset: number
}

export type Order =
  | { readonly do: 'start'; readonly plan: Plan }
  | { readonly do: 'publish' }
  /** Ends publications; the reply `quiet` comes when none is pending. */
  | { readonly do: 'hush' }
  /** All clients of a group lose their sockets, and reconnect after `away` ms, spread over `over` ms. */
  | { readonly do: 'cut'; readonly group: string; readonly away: number; readonly over: number }
  /** Clients of a group pause or resume reading. */
  | { readonly do: 'freeze'; readonly group: string; readonly frozen: boolean }
  /**
   * Every client connects and stays; the reply `rested` comes when all are at the tops, or after `within` ms.
   */
  | { readonly do: 'rest'; readonly tops: readonly Top[]; readonly within: number }
  | { readonly do: 'stop' }

export type Word =
  | { readonly say: 'ready' }
  /** Sent each 100 ms while it changes. */
  | { readonly say: 'live'; readonly live: number; readonly of: number }
  | { readonly say: 'quiet' }
  | { readonly say: 'rested' }
  | { readonly say: 'stopped' }
