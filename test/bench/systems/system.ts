/** Systems under measurement: Skein and its peers. */
import type { DialectName } from '../load/dialects/index.ts'
import type { Target } from '../load/messages.ts'

export interface Running {
  readonly name: string
  readonly dialect: DialectName
  /** Where clients connect, one for each server process. */
  readonly targets: readonly Target[]
  /** The server processes, Redis not among them. */
  readonly pids: readonly number[]
  /** Signs tokens; '' for servers without tokens. */
  readonly secret: string
  /** Every message goes to all connections. */
  readonly oneChannel?: boolean
  /** Of Skein: where its server API and metrics are. */
  readonly internalUrls?: readonly string[]
  /** A channel for a measurement. `history`: whether it keeps its publications. */
  channel(name: string, history?: boolean): string
  stop(): Promise<void>
}

export interface System {
  readonly name: string
  readonly label: string
  /** A lower bound, drawn beside the systems, and no peer. */
  readonly floor?: boolean
  start(options: { readonly redisUrl: string; readonly nodes: number }): Promise<Running>
}
