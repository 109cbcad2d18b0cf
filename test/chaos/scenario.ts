/** What a scenario is: a cluster, a load, faults, and what is promised of them. */
import type { Latency, Verdict } from '@skein/testkit'
import type { Fleet } from './fleet.ts'
import type { Group, Plan } from './load/plan.ts'
import type { Random } from './load/random.ts'
import type { World, WorldOptions } from './world.ts'

/** `short` runs in `npm test`, `long` by hand and at night. */
export type Form = 'short' | 'long'

export interface Load {
  readonly channels: number
  readonly groups: readonly Group[]
  readonly publish: Partial<Plan['publish']>
  /** Default 1. Clients and publishers are of each; groups that stand apart are of one more. */
  readonly processes?: number
  /** Ms over which clients first connect. Default 500. */
  readonly ramp?: number
}

/** What a scenario's faults have in their hands. */
export interface Run {
  readonly form: Form
  /** How long the load lasts, faults included. */
  readonly seconds: number
  readonly random: Random
  readonly world: World
  readonly fleet: Fleet
  /** The channels of the load. */
  readonly channels: readonly string[]
  /** Something is disturbed by `begin`, for `ms`, and given back by `end`; healing counts from there. */
  fault(name: string, begin: () => unknown, ms?: number, end?: () => unknown): Promise<void>
  /** A figure for the report; with `bound`, a promise that is failed above it. */
  figure(name: string, value: number, unit: string, bound?: number): void
  /** A promise of its own was failed. */
  failed(what: string): void
}

export interface Scenario {
  readonly name: string
  /** One line for `--list`. */
  readonly about: string
  /** Seconds of load by form. */
  readonly seconds: Readonly<Record<Form, number>>
  /** What the machine must have; the reason why it has not, otherwise. */
  readonly lacks?: () => string | undefined
  /** A feature of the product that is not there yet, in plain words: the scenario fails then, visibly. */
  readonly missing?: () => Promise<string | undefined>
  world(form: Form): WorldOptions | Promise<WorldOptions>
  load(form: Form): Load
  disturb(run: Run): Promise<void>
  /** Redis itself may lose what it acknowledged: then everybody must be told, and nobody more than that. */
  readonly mayForfeit?: boolean
  /** Ms from a fault's end until all is well. Default 10,000. */
  readonly healsWithin?: number
  /** Connections have small buffers: see `smallBuffers`. Such a scenario needs a network of its own. */
  readonly smallBuffers?: true
  /** Its measure needs a quiet machine: `npm test` runs nothing beside it. */
  readonly alone?: true
  /** Ends what `world` made beyond the world itself. */
  readonly after?: () => Promise<void>
  /** Further promises, over the whole trace. */
  judge?(run: Run, verdict: Verdict, latency: Latency): void
}
