/**
 * Opens the connections: pairs of a node and a load process, a few pairs at a time. A busy node works in
 * batches with a hot processor cache; with all nodes at work each would get one connection per turn of its
 * event loop, at several times the cost.
 */
import type { Pool } from '../load/pool.ts'
import { nextAddress } from '../load/source.ts'
import { cpuSeconds } from '../measure/processes.ts'
import { number } from '../report/table.ts'
import type { SkeinCluster } from '../systems/skein.ts'
import { Bar } from './bar.ts'
import { availableBytes, proportionalBytes } from './memory.ts'
import type { Plan } from './plan.ts'

/** The promised time. */
const MINUTES = 10
/** With less free memory the kernel would begin to kill processes. */
const SPARE_BYTES = 500_000_000
/** Connections that a load process opens between two checks of time and memory. */
const STEP = 2000

export interface Parts {
  readonly nodes: SkeinCluster
  readonly pool: Pool
  readonly redisPid: number
}

/** CPU time or memory of each part. */
export interface ByPart {
  readonly nodes: number
  readonly redis: number
  readonly clients: number
}

export interface Filled {
  readonly reached: number
  /** From the first process's start to the last connection. */
  readonly seconds: number
  /** The reason why the filling ended early, if it did. */
  readonly ended: string | undefined
  readonly failed: Readonly<Record<string, number>>
  /** CPU per connection, us, the starts of all processes included. */
  readonly cpu: ByPart
  /** CPU until one node and one load process are ready, seconds. */
  readonly startCpu: number
  /** Mean bytes of a process without connections. */
  readonly base: { readonly node: number; readonly client: number }
}

export async function fill(parts: Parts, plan: Plan): Promise<Filled> {
  const filling = new Filling(parts, plan)
  await Promise.all(Array.from({ length: plan.atOnce }, () => filling.work()))
  return filling.result()
}

class Filling {
  readonly #parts: Parts
  readonly #plan: Plan
  readonly #bar: Bar
  readonly #startedAt = performance.now()
  readonly #redisBefore: number
  readonly #failed: Record<string, number> = {}
  #begun = 0
  #reached = 0
  #startCpu = 0
  #nodeBytes = 0
  #clientBytes = 0
  #ended: string | undefined

  constructor(parts: Parts, plan: Plan) {
    this.#parts = parts
    this.#plan = plan
    this.#bar = new Bar(plan.connections)
    this.#redisBefore = cpuSeconds([parts.redisPid])
  }

  /** Fills one pair after the other. */
  async work(): Promise<void> {
    const { processes } = this.#plan
    for (let at = this.#begun++; at < processes && this.#ended === undefined; at = this.#begun++) {
      await this.#fillPair(at)
    }
  }

  result(): Filled {
    this.#bar.end()
    const { nodes, pool, redisPid } = this.#parts
    const pairs = Math.max(1, nodes.pids.length)
    const each = (seconds: number): number => (seconds * 1e6) / this.#reached
    return {
      reached: this.#reached,
      seconds: this.#seconds(),
      ended: this.#ended,
      failed: this.#failed,
      cpu: {
        nodes: each(cpuSeconds(nodes.pids)),
        redis: each(cpuSeconds([redisPid]) - this.#redisBefore),
        clients: each(cpuSeconds(pool.pids)),
      },
      startCpu: this.#startCpu / pairs,
      base: { node: this.#nodeBytes / pairs, client: this.#clientBytes / pairs },
    }
  }

  async #fillPair(pair: number): Promise<void> {
    const { nodes, pool } = this.#parts
    const { perProcess, inFlight, connections } = this.#plan
    const node = await nodes.add()
    const process = pool.add()
    await process.run({ op: 'count' })
    const [target, pid] = [nodes.targets[node], nodes.pids[node]]
    if (target === undefined || pid === undefined) return
    this.#startCpu += cpuSeconds([pid, process.pid])
    this.#nodeBytes += proportionalBytes([pid])
    this.#clientBytes += proportionalBytes([process.pid])
    const first = pair * perProcess
    const last = Math.min(connections, first + perProcess)
    const localAddress = nextAddress()
    for (let at = first; at < last && this.#ended === undefined; at += STEP) {
      const count = Math.min(STEP, last - at)
      const open = (userPrefix: string, missing: number) =>
        process.run({
          op: 'open',
          group: 'all',
          dialect: nodes.dialect,
          targets: [target],
          secret: nodes.secret,
          userPrefix,
          count: missing,
          first: at,
          concurrency: inFlight,
          rate: 0,
          localAddress,
          timeoutMs: 60_000,
          channels: { prefix: nodes.channel('all'), each: 0 },
        })
      const report = await open('u', count)
      this.#add(report, count)
      // A failed client retries once, as real clients do, and counts as failed all the same.
      const missing = count - report.joined
      if (missing > 0 && missing < count / 2) this.#add(await open('again', missing), missing)
    }
  }

  #add(
    { joined, failed }: { joined: number; failed: Readonly<Record<string, number>> },
    count: number,
  ): void {
    this.#reached += joined
    for (const [why, times] of Object.entries(failed)) this.#failed[why] = (this.#failed[why] ?? 0) + times
    const available = availableBytes()
    const seconds = this.#seconds()
    this.#bar.show(this.#reached, `${number(seconds, 0)} s, ${number(available / 1e9, 1)} GB left`)
    if (available < SPARE_BYTES) this.#ended ??= 'memory'
    if (seconds > MINUTES * 60) this.#ended ??= `${MINUTES} minutes`
    if (joined < count / 2) this.#ended ??= `refusals: ${JSON.stringify(failed)}`
  }

  #seconds(): number {
    return (performance.now() - this.#startedAt) / 1000
  }
}
