/** A row of the bench: one kind of work, measured on several systems side by side. */
import type { System } from '../systems/index.ts'

export interface BenchContext {
  /** The systems of the row that the options select, and those that the options add. */
  readonly systems: readonly System[]
  readonly redisUrl: string
  readonly redisPid: () => number
  /** Incarnations of a Skein cluster with this prefix that have ended and are not yet reaped. */
  readonly incarnationsOver: (prefix: string) => Promise<number>
  readonly seconds: number
  readonly rounds: number
  say(text: string): void
}

/** Named numbers of one measurement: `cpu` us per message, `p99` ms, … */
export type Values = Readonly<Record<string, number>>

export interface Metric {
  readonly name: string
  readonly label: string
  readonly digits: number
}

/** A promise about the median of a metric, with one limit: `most`, `timesOf` or `atLeastTimesOf`. */
export interface Budget {
  readonly metric: string
  readonly text: string
  /** The system that the promise is about; absent: `skein`. */
  readonly of?: string
  readonly most?: number
  /** At most this multiple of the other system's median in the same run. */
  readonly timesOf?: Multiple
  /** At least this multiple of it. */
  readonly atLeastTimesOf?: Multiple
}

export interface Multiple {
  readonly system: string
  readonly factor: number
}

export interface Row {
  readonly name: string
  readonly title: string
  readonly metrics: readonly Metric[]
  /** The metric that systems are compared by. */
  readonly main: string
  readonly budgets: readonly Budget[]
  readonly systems: readonly System[]
  /** True: the row measures its own systems only; options neither select nor add any. */
  readonly fixed?: boolean
  run(context: BenchContext): Promise<Measurements>
}

/** By system: one entry for each round. */
export type Measurements = ReadonlyMap<string, readonly Values[]>
