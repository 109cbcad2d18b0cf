/** What a load process is told to do, and what it says back: over Node's own message channel between processes. */
import type { Encoding } from '@skein/protocol'

/** Clients that behave alike. */
export interface Group {
  readonly name: string
  readonly clients: number
  /** Channels of each client. Default 1. */
  readonly channels?: number
  readonly encoding?: Encoding
  /** Cut without a close frame every so often, and back after a while. Ms. */
  readonly flap?: { readonly every: number; readonly away: number }
  /** Reads in drips: this long not at all, then for a moment. Ms. */
  readonly drip?: { readonly still: number; readonly reading: number }
  /** The official SDK instead of bare protocol. Dear: some dozens at most. */
  readonly sdk?: true
  /** The only channel of each client, instead of some of the plan's. */
  readonly only?: string
  /** Clients dial this node directly, and are gone for good when they lose it. */
  readonly boundTo?: number
  /** Source addresses are 127.NETWORK.x.y. Default: by the client's number. */
  readonly network?: number
  /** In a load process of its own, so that what these clients do costs the others no time in theirs. */
  readonly apart?: true
}

export interface Plan {
  /** Begins the names of all clients of this process. */
  readonly name: string
  readonly trace: string
  readonly seed: number
  /** Each dial goes to one of them, at random. */
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
    /** Backends that publish by the server API, repeating with the same idempotency key until it is acknowledged. */
    readonly byApi: number
    /** Ms between two publications of one publisher. */
    readonly every: number
    /** Characters of data beyond what the checker needs. */
    readonly padding: number
  }
  /** Ms over which clients first connect. */
  readonly ramp: number
}

/** Where a channel ended. */
export interface Top {
  readonly channel: string
  readonly epoch: string
  readonly offset: number
}

export type Order =
  | { readonly do: 'start'; readonly plan: Plan }
  | { readonly do: 'publish' }
  /** No new publications; answered with `quiet` when none is under way. */
  | { readonly do: 'hush' }
  /** All clients of a group lose their sockets, and come back after `away` ms, spread over `over` ms. */
  | { readonly do: 'cut'; readonly group: string; readonly away: number; readonly over: number }
  /** Clients of a group stop reading, or read again. */
  | { readonly do: 'freeze'; readonly group: string; readonly frozen: boolean }
  /** Everybody comes back and stays; answered with `rested` once all stand at the tops, or after `within` ms. */
  | { readonly do: 'rest'; readonly tops: readonly Top[]; readonly within: number }
  | { readonly do: 'stop' }

export type Word =
  | { readonly say: 'ready' }
  /** Sent each 100 ms while it changes. */
  | { readonly say: 'live'; readonly live: number; readonly of: number }
  | { readonly say: 'quiet' }
  | { readonly say: 'rested' }
  | { readonly say: 'stopped' }
