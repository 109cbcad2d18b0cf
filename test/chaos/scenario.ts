/** A scenario: a cluster, a load, faults, and the promises about them. */
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
  /** Load processes. Default: 1. Each has clients and publishers; groups that stand apart get one more. */
  readonly processes?: number
  /** Ms over which clients first connect. Default 500. */
  readonly ramp?: number
}

/** Tools of a scenario's faults. */
export interface Run {
  readonly form: Form
  /** Duration of the load, faults included. */
  readonly seconds: number
  readonly random: Random
  readonly world: World
  readonly fleet: Fleet
  /** The channels of the load. */
  readonly channels: readonly string[]
  /** Disturbs something by `begin` for `ms`, and restores it by `end`; healing counts from there. */
  fault(name: string, begin: () => unknown, ms?: number, end?: () => unknown): Promise<void>
  /** A figure for the report; with `bound`, a promise that a larger figure breaks. */
  figure(name: string, value: number, unit: string, bound?: number): void
  /** A promise of the scenario failed. */
  failed(what: string): void
}

export interface Scenario {
  readonly name: string
  /** One line for `--list`. */
  readonly about: string
  /** Seconds of load by form. */
  readonly seconds: Readonly<Record<Form, number>>
  /** Requirements of the machine; returns the missing one. */
  readonly lacks?: () => string | undefined
  /** A feature that the product lacks, in plain words: the scenario fails then, visibly. */
  readonly missing?: () => Promise<string | undefined>
  world(form: Form): WorldOptions | Promise<WorldOptions>
  load(form: Form): Load
  disturb(run: Run): Promise<void>
  /**
   * Redis itself may lose acknowledged publications: then every client must be notified, and no more than
   * that.
   */
  readonly mayForfeit?: boolean
  /** Milliseconds from a fault's end until all is healthy. Default: 10,000. */
  readonly healsWithin?: number
  /** Connections have small buffers: see `smallBuffers`. Such a scenario needs a network of its own. */
  readonly smallBuffers?: true
  /** Its measurement needs a quiet machine: `npm test` runs nothing beside it. */
  readonly alone?: true
  /** Stops the processes that `world` made beyond the world itself. */
  readonly after?: () => Promise<void>
  /** Further promises, over the whole trace. */
  judge?(run: Run, verdict: Verdict, latency: Latency): void
}
