/** What is measured: Skein, and its peers. */
import type { DialectName } from '../load/dialects/index.ts'
import type { Target } from '../load/messages.ts'

export interface Running {
  readonly name: string
  readonly dialect: DialectName
  /** Where clients connect, one for each server process. */
  readonly targets: readonly Target[]
  /** The server processes, Redis not among them. */
  readonly pids: readonly number[]
  /** Signs tokens; '' where there are none. */
  readonly secret: string
  /** Whatever is published goes to everybody. */
  readonly oneChannel?: boolean
  /** Of Skein: where its server API and metrics are. */
  readonly internalUrls?: readonly string[]
  /** A channel for a measurement. `history`: whether what is published is kept. */
  channel(name: string, history?: boolean): string
  stop(): Promise<void>
}

export interface System {
  readonly name: string
  readonly label: string
  /** A lower bound: less than any server does, drawn beside them, and no peer. */
  readonly floor?: boolean
  start(options: { readonly redisUrl: string; readonly nodes: number }): Promise<Running>
}
