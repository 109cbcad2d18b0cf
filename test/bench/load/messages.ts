/** What the bench asks of a load process, and what it answers. */
import type { DialectName } from './dialects/index.ts'
import type { HistogramData } from './histogram.ts'

export interface Target {
  readonly host: string
  readonly port: number
}

/** Connections to open, numbered from `first`. */
export interface OpenJob {
  readonly op: 'open'
  /** What these connections are called in later jobs. */
  readonly group: string
  readonly dialect: DialectName
  /** Connection i goes to target i modulo their number. */
  readonly targets: readonly Target[]
  readonly count: number
  readonly first: number
  /** Connection i is in channel `prefix + floor(i / each)`; `each` 0: all in `prefix`; no channels: none subscribes. */
  readonly channels?: { readonly prefix: string; readonly each: number }
  /** Subscribe from this position on, and wait for what was missed. */
  readonly since?: { readonly epoch: string; readonly offset: number }
  /** Who they are: `prefix + i`. */
  readonly userPrefix: string
  /** Signs the tokens; '' for servers without. */
  readonly secret: string
  /** Opening at the same time. */
  readonly concurrency: number
  /** Opened per second at most; 0: as fast as it goes. */
  readonly rate: number
  /** Where they come from. One address has 28,000 ports. */
  readonly localAddress?: string
  /** A connection that has not joined by then has failed. */
  readonly timeoutMs: number
}

export interface OpenReport {
  readonly attempted: number
  readonly joined: number
  /** Why others did not, and how many. */
  readonly failed: Readonly<Record<string, number>>
  /** From the first SYN to the last confirmation. */
  readonly joinTimes: HistogramData
  readonly seconds: number
}

/** Connections of a group publish in turn, each to its own channel unless `channel` says. */
export interface PublishJob {
  readonly op: 'publish'
  readonly group: string
  /** `{n}` in it stands for 0, 1, … below `channels`, in turn. */
  readonly channel?: string
  readonly channels?: number
  readonly size: number
  readonly seconds: number
  /** Per second, evenly; 0: as many as the window admits. */
  readonly rate: number
  /** Unacknowledged at most, over all connections of the group; 0: acknowledgements are not waited for. */
  readonly window: number
  /** The number of the first message. */
  readonly firstNumber: number
}

export interface PublishReport {
  readonly published: number
  readonly acked: number
  readonly refused: number
  /** From the publish to its acknowledgement. */
  readonly ackTimes: HistogramData
  readonly seconds: number
}

/** Sets the counts of what was received back, and returns them. */
export interface CountJob {
  readonly op: 'count'
}

export interface CountReport {
  readonly received: number
  /** Messages whose number was not the one after the last on that connection. Only means something for one publisher. */
  readonly outOfOrder: number
  readonly bytes: number
  readonly latency: HistogramData
  readonly open: number
  readonly lost: Readonly<Record<string, number>>
}

/** Ends connections of a group: without a close frame, as a network would. `count` of them from the first; absent: all. */
export interface CloseJob {
  readonly op: 'close'
  readonly group: string
  readonly count?: number
}

/** Picks `count` users of a group's connections by chance. */
export interface PersonalJob {
  readonly op: 'personal'
  readonly group: string
  readonly count: number
}

export interface Replies {
  personal: { readonly users: readonly string[] }
  open: OpenReport
  publish: PublishReport
  count: CountReport
  close: { readonly closed: number }
}

export type Job = OpenJob | PublishJob | CountJob | CloseJob | PersonalJob
export type ReplyTo<J extends Job> = Replies[J['op']]
