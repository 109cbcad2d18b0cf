/** Requests of the bench to a load process, and its replies. */
import type { DialectName } from './dialects/index.ts'
import type { HistogramData } from './histogram.ts'

export interface Target {
  readonly host: string
  readonly port: number
}

/** Connections to open, numbered from `first`. */
export interface OpenJob {
  readonly op: 'open'
  /** Name of these connections in later jobs. */
  readonly group: string
  readonly dialect: DialectName
  /** Connection i goes to target i modulo their number. */
  readonly targets: readonly Target[]
  readonly count: number
  readonly first: number
  /**
   * Connection i is in channel `prefix + floor(i / each)`; `each` 0: all in `prefix`; no channels: none
   * subscribes.
   */
  readonly channels?: { readonly prefix: string; readonly each: number }
  /** Subscribe from this position on, and wait for the missed messages. */
  readonly since?: { readonly epoch: string; readonly offset: number }
  /** Users are `prefix + i`. */
  readonly userPrefix: string
  /** Signs the tokens; '' for servers without tokens. */
  readonly secret: string
  /** Opening at the same time. */
  readonly concurrency: number
  /** Opened per second at most; 0: without a limit. */
  readonly rate: number
  /** Source addresses. One address has 28,000 ports. */
  readonly localAddress?: string
  /** A connection that has not joined after this has failed. */
  readonly timeoutMs: number
}

export interface OpenReport {
  readonly attempted: number
  readonly joined: number
  /** Reasons of failures, and their number. */
  readonly failed: Readonly<Record<string, number>>
  /** From the first SYN to the last confirmation. */
  readonly joinTimes: HistogramData
  readonly seconds: number
}

/**
 * Connections of a group publish one after the other, each to its own channel unless `channel` names another.
 */
export interface PublishJob {
  readonly op: 'publish'
  readonly group: string
  /** `{n}` in it stands for 0, 1, … below `channels`, one after the other. */
  readonly channel?: string
  readonly channels?: number
  readonly size: number
  readonly seconds: number
  /** Per second, evenly; 0: as many as the window admits. */
  readonly rate: number
  /**
   * Unacknowledged at most, over all connections of the group; 0: the bench does not wait for
   * acknowledgements.
   */
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

/** Resets the counts of received messages, and returns them. */
export interface CountJob {
  readonly op: 'count'
}

export interface CountReport {
  readonly received: number
  /**
   * Messages whose number does not follow the last one on that connection. Valid for a single publisher only.
   */
  readonly outOfOrder: number
  readonly bytes: number
  readonly latency: HistogramData
  readonly open: number
  readonly lost: Readonly<Record<string, number>>
}

/**
 * Ends connections of a group without a close frame, as a network failure does. `count` of them from the
 * first; absent: all.
 */
export interface CloseJob {
  readonly op: 'close'
  readonly group: string
  readonly count?: number
}

/** Picks `count` users of a group's connections at random. */
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
