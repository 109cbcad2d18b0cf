/** A row of the bench: one kind of work, measured on several systems side by side. */
import type { System } from '../systems/index.ts'

export interface BenchContext {
  /** The systems of the row that the options select, and those that the options add. */
  readonly systems: readonly System[]
  readonly redisUrl: string
  readonly redisPid: () => number
  /** Of a Skein cluster with this prefix: how many are declared over and not yet cleared away. */
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

/** A budget of docs/performance.md. */
export interface Budget {
  readonly metric: string
  readonly text: string
  /** The system that it is promised of; absent: `skein`. */
  readonly of?: string
  /** The most, or the least. */
  readonly most?: number
  readonly least?: number
  /** Of the same metric of this system in the same run. */
  readonly timesOf?: { readonly system: string; readonly factor: number }
}

export interface Row {
  readonly name: string
  readonly title: string
  readonly metrics: readonly Metric[]
  /** The one that systems are compared by. */
  readonly main: string
  readonly budgets: readonly Budget[]
  readonly systems: readonly System[]
  /** True: the row measures its own systems only; options neither select nor add any. */
  readonly fixed?: boolean
  run(context: BenchContext): Promise<Measurements>
}

/** By system: one entry for each round. */
export type Measurements = ReadonlyMap<string, readonly Values[]>
