/** One run of one scenario: world, load, faults, rest, verdict. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Checker,
  FINDINGS,
  type Latency,
  now,
  pause,
  readTrace,
  smallBuffers,
  TraceWriter,
  type Verdict,
  waitFor,
} from '@skein/testkit'
import { Fleet } from './fleet.ts'
import { readData } from './load/data.ts'
import type { Plan, Top } from './load/plan.ts'
import { seeded } from './load/random.ts'
import type { Figure, Outcome } from './outcome.ts'
import type { Form, Load, Run, Scenario } from './scenario.ts'
import { type Stream, World } from './world.ts'

export interface RunOptions {
  readonly form: Form
  readonly seed: number
  /** Instead of the scenario's own. */
  readonly seconds?: number
  /** Folder for traces and logs of a failed run. */
  readonly keepIn?: string
}

/** Publishers give up late or missing replies after 5 s or 30 s. */
const QUIET_MS = 60_000
/** Time by which every client must be at the end of every stream. */
const REST_MS = 30_000
const SUBSCRIBE_MS = 60_000
const HEALS_WITHIN = 10_000

export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Outcome> {
  const { seed } = options
  const base = { scenario: scenario.name, seed }
  const lacks = scenario.lacks?.()
  if (lacks !== undefined) return { ...base, state: 'skipped', reason: `this machine lacks ${lacks}` }
  const missing = await scenario.missing?.()
  if (missing !== undefined) return { ...base, state: 'not available', reason: missing }
  const traces = await mkdtemp(join(tmpdir(), 'skein-trace-'))
  try {
    const attempt = new Attempt(scenario, options, traces)
    return { ...base, state: 'ran', ...(await attempt.run()) }
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { ...base, state: 'crashed', reason }
  } finally {
    await rm(traces, { recursive: true, force: true })
  }
}

class Attempt {
  readonly #scenario: Scenario
  readonly #options: RunOptions
  readonly #traces: string
  readonly #trace: TraceWriter
  readonly #figures: Figure[] = []
  readonly #failures: string[] = []

  constructor(scenario: Scenario, options: RunOptions, traces: string) {
    this.#scenario = scenario
    this.#options = options
    this.#traces = traces
    this.#trace = new TraceWriter(join(traces, 'run.jsonl'))
  }

  async run(): Promise<{ verdict: Verdict; figures: readonly Figure[]; failures: readonly string[] }> {
    const { form } = this.#options
    const load = this.#scenario.load(form)
    let world: World | undefined
    const usual = this.#scenario.smallBuffers === true ? await smallBuffers() : undefined
    try {
      world = await World.start(await this.#scenario.world(form))
      const plans = this.#plans(load, world)
      const run = await this.#disturb(world, load, plans)
      this.#trace.close()
      const checker = await readTraces([join(this.#traces, 'run.jsonl'), ...plans.map(({ trace }) => trace)])
      const verdict = checker.verdict()
      this.#judge(verdict, run, checker.latency)
      if (this.#failures.length > 0) await this.#keep(world)
      return { verdict, figures: this.#figures, failures: this.#failures }
    } catch (error) {
      if (world !== undefined) await this.#keep(world)
      throw error
    } finally {
      await world?.stop()
      await this.#scenario.after?.()
      await usual?.()
    }
  }

  async #disturb(world: World, load: Load, plans: readonly Plan[]): Promise<Run> {
    const fleet = await Fleet.start(plans, SUBSCRIBE_MS + (load.ramp ?? 0))
    try {
      const run = this.#handle(world, fleet, plans[0]?.channels ?? [])
      fleet.order({ do: 'publish' })
      const enough = pause(run.seconds * 1000)
      await pause(500)
      await this.#scenario.disturb(run)
      await enough
      await fleet.hush(QUIET_MS)
      await fleet.rest(await this.#tops(world, run.channels), REST_MS)
      // Once more: a publication with an abandoned reply may have come last.
      await this.#streams(world, run.channels)
      await fleet.stop()
      return run
    } catch (error) {
      fleet.kill()
      throw error
    }
  }

  #handle(world: World, fleet: Fleet, channels: readonly string[]): Run {
    const { form, seed, seconds = this.#scenario.seconds[form] } = this.#options
    const write = (name: string, phase: 'begins' | 'ends') =>
      this.#trace.write({ kind: 'fault', at: now(), name, phase })
    return {
      form,
      seconds,
      random: seeded(seed),
      world,
      fleet,
      channels,
      fault: async (name, begin, ms = 0, end = () => undefined) => {
        write(name, 'begins')
        await begin()
        await pause(ms)
        await end()
        write(name, 'ends')
      },
      figure: (name, value, unit, bound) => {
        this.#figures.push({ name, value, unit, ...(bound !== undefined && { bound }) })
        if (bound !== undefined && value > bound) {
          this.#failures.push(`${name}: ${value} ${unit}, promised are ${bound}`)
        }
      },
      failed: (what) => void this.#failures.push(what),
    }
  }

  async #tops(world: World, channels: readonly string[]): Promise<readonly Top[]> {
    const tops: Top[] = []
    for (const channel of channels) {
      const { epoch, offset } = await this.#stream(world, channel)
      tops.push({ channel, epoch, offset })
    }
    return tops
  }

  async #streams(world: World, channels: readonly string[]): Promise<void> {
    for (const channel of channels) {
      const { epoch, offset, publications } = await this.#stream(world, channel)
      const kept = publications.flatMap((publication) => {
        const identity = readData(JSON.stringify(publication.data))
        return identity === undefined ? [] : [{ offset: publication.offset, id: identity.id }]
      })
      this.#trace.write({ kind: 'stream', at: now(), channel, epoch, offset, publications: kept })
    }
  }

  /** Waits until it is readable: after the last fault that takes a moment, too. */
  #stream(world: World, channel: string): Promise<Stream> {
    return waitFor(`the history of ${channel}`, () => world.stream(channel), REST_MS)
  }

  #plans(load: Load, world: World): Plan[] {
    const channels = Array.from({ length: load.channels }, (_, at) => `room:${at}`)
    const publish = { bySocket: 0, byApi: 0, every: 100, padding: 40, ...load.publish }
    return groupsOf(load).map((groups, at) => ({
      name: `p${at}`,
      trace: join(this.#traces, `load-${at}.jsonl`),
      seed: this.#options.seed * 1000 + at,
      urls: world.urls,
      nodeUrls: world.nodes.map(({ wsUrl }) => wsUrl),
      apiUrls: world.apiUrls,
      channels,
      groups,
      publish: groups.some(({ apart }) => apart) ? { ...publish, bySocket: 0, byApi: 0 } : publish,
      ramp: load.ramp ?? 500,
    }))
  }

  #judge(verdict: Verdict, run: Run, latency: Latency): void {
    const { mayForfeit = false, healsWithin = HEALS_WITHIN } = this.#scenario
    for (const kind of FINDINGS) {
      if (verdict.found[kind] > 0) this.#failures.push(`${verdict.found[kind]} ${kind}`)
    }
    for (const { kind, what, event } of verdict.examples) {
      this.#failures.push(`  ${kind}: ${what} ${event === undefined ? '' : JSON.stringify(event)}`)
    }
    if (!mayForfeit && verdict.notified > 0)
      this.#failures.push(`${verdict.notified} subscriptions notified of lost continuity`)
    if (!mayForfeit && verdict.forfeited > 0) this.#failures.push(`${verdict.forfeited} forfeited`)
    if (verdict.acknowledged === 0) this.#failures.push('nothing was acknowledged: nothing was tested')
    if (verdict.healed > healsWithin) {
      this.#failures.push(`healed after ${verdict.healed} ms, promised are ${healsWithin}`)
    }
    this.#scenario.judge?.(run, verdict, latency)
  }

  async #keep(world: World): Promise<void> {
    const { keepIn, seed } = this.#options
    if (keepIn === undefined) return
    const folder = join(keepIn, `${this.#scenario.name}-${seed}`)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'logs.txt'), world.allLogs())
    this.#trace.flush()
    const processes = groupsOf(this.#scenario.load(this.#options.form))
    const names = ['run.jsonl', ...processes.map((_, at) => `load-${at}.jsonl`)]
    for (const name of names) {
      // A process that was killed before it wrote has left none.
      await copyFile(join(this.#traces, name), join(folder, name)).catch(() => undefined)
    }
  }
}

/** The groups of each load process. */
function groupsOf({ groups, processes = 1 }: Load): Load['groups'][] {
  const apart = groups.filter((group) => group.apart)
  const together = groups.filter((group) => !group.apart)
  return [...Array.from({ length: processes }, () => together), ...(apart.length > 0 ? [apart] : [])]
}

async function readTraces(paths: readonly string[]): Promise<Checker> {
  const checker = new Checker()
  for (const path of paths) for await (const event of readTrace(path)) checker.add(event)
  return checker
}
