/** The load processes of the bench. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { COMPILE_CACHE } from '../../run/compile-cache.ts'
import { Histogram, type HistogramData } from './histogram.ts'
import type { CountReport, Job, OpenJob, OpenReport, PublishJob, PublishReport, ReplyTo } from './messages.ts'
import { nextAddress } from './source.ts'

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url))

/** Small young generation: the sockets of a load process are old soon, and memory is for the servers. */
const FLAGS = ['--max-semi-space-size=8', '--expose-gc']
/** For the same reason one heap of glibc's, as nodes have it (`memory-settings.ts`). */
const ARENAS = { MALLOC_ARENA_MAX: '1' }

interface Pending {
  resolve(reply: unknown): void
  reject(error: Error): void
}

export class LoadProcess {
  readonly #child: ChildProcess
  readonly #pending = new Map<number, Pending>()
  #id = 0

  constructor() {
    // biome-ignore lint/style/noProcessEnv: passed on as it is.
    const env = { NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env, ...ARENAS }
    this.#child = fork(WORKER, [], { execArgv: FLAGS, serialization: 'advanced', env })
    this.#child.on('message', (message: { id: number; reply?: unknown; error?: string }) => {
      const pending = this.#pending.get(message.id)
      this.#pending.delete(message.id)
      if (message.error === undefined) pending?.resolve(message.reply)
      else pending?.reject(new Error(message.error))
    })
    this.#child.on('exit', (code, signal) => {
      for (const { reject } of this.#pending.values())
        reject(new Error(`a load process ended: ${signal ?? code}`))
      this.#pending.clear()
    })
  }

  get pid(): number {
    return this.#child.pid ?? -1
  }

  run<J extends Job>(job: J): Promise<ReplyTo<J>> {
    const id = ++this.#id
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as Pending['resolve'], reject })
      this.#child.send({ id, job })
    })
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = new Promise((resolve) => this.#child.once('exit', resolve))
    // The process exits by itself then, which writes its compile cache.
    this.#child.disconnect()
    await exited
  }
}

/** Several load processes that share each job. */
export class Pool {
  readonly #processes: LoadProcess[]

  constructor(size: number) {
    this.#processes = Array.from({ length: size }, () => new LoadProcess())
  }

  /** One more process. */
  add(): LoadProcess {
    const process = new LoadProcess()
    this.#processes.push(process)
    return process
  }

  get pids(): number[] {
    return this.#processes.map(({ pid }) => pid)
  }

  get size(): number {
    return this.#processes.length
  }

  /** Splits the connections evenly; each process comes from an address of its own. */
  async open(job: Omit<OpenJob, 'op'>): Promise<Opened> {
    const parts = split(job.count, this.#processes.length)
    let first = job.first
    const reports = this.#processes.map((process, at) => {
      const count = parts[at] ?? 0
      const part = {
        ...job,
        op: 'open' as const,
        count,
        first,
        concurrency: Math.max(1, Math.ceil(job.concurrency / this.#processes.length)),
        rate: job.rate / this.#processes.length,
        localAddress: job.localAddress ?? nextAddress(),
      }
      first += count
      return process.run(part)
    })
    return mergeOpened(await Promise.all(reports))
  }

  async publish(job: Omit<PublishJob, 'op'>): Promise<Published> {
    const share = this.#processes.length
    const part = {
      ...job,
      op: 'publish' as const,
      rate: job.rate / share,
      window: Math.ceil(job.window / share),
    }
    return mergePublished(await Promise.all(this.#processes.map((process) => process.run(part))))
  }

  /** The processes themselves, for jobs that differ between them. */
  get processes(): readonly LoadProcess[] {
    return this.#processes
  }

  /** Messages since the last count. Rejects when connections were lost: the number would be meaningless. */
  async count(): Promise<Counted> {
    const counted = await this.countAnyway()
    if (Object.keys(counted.lost).length > 0) {
      throw new Error(`connections of the load were lost: ${JSON.stringify(counted.lost)}`)
    }
    return counted
  }

  /** As {@link count}, for measurements that include losses. */
  async countAnyway(): Promise<Counted> {
    return mergeCounted(await Promise.all(this.#processes.map((process) => process.run({ op: 'count' }))))
  }

  async close(group: string, count?: number): Promise<void> {
    const parts = count === undefined ? undefined : split(count, this.#processes.length)
    await Promise.all(
      this.#processes.map((process, at) => {
        const part = parts?.[at]
        return process.run({ op: 'close', group, ...(part !== undefined && { count: part }) })
      }),
    )
  }

  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.stop()))
  }
}

export interface Opened extends Omit<OpenReport, 'joinTimes'> {
  readonly joinTimes: Histogram
}
export interface Published extends Omit<PublishReport, 'ackTimes'> {
  readonly ackTimes: Histogram
}
export interface Counted extends Omit<CountReport, 'latency'> {
  readonly latency: Histogram
}

function mergeOpened(reports: readonly OpenReport[]): Opened {
  return {
    attempted: sum(reports.map((r) => r.attempted)),
    joined: sum(reports.map((r) => r.joined)),
    failed: sumRecords(reports.map((r) => r.failed)),
    joinTimes: merged(reports.map((r) => r.joinTimes)),
    seconds: Math.max(...reports.map((r) => r.seconds)),
  }
}

function mergePublished(reports: readonly PublishReport[]): Published {
  return {
    published: sum(reports.map((r) => r.published)),
    acked: sum(reports.map((r) => r.acked)),
    refused: sum(reports.map((r) => r.refused)),
    ackTimes: merged(reports.map((r) => r.ackTimes)),
    seconds: Math.max(...reports.map((r) => r.seconds)),
  }
}

function mergeCounted(reports: readonly CountReport[]): Counted {
  return {
    received: sum(reports.map((r) => r.received)),
    outOfOrder: sum(reports.map((r) => r.outOfOrder)),
    bytes: sum(reports.map((r) => r.bytes)),
    open: sum(reports.map((r) => r.open)),
    lost: sumRecords(reports.map((r) => r.lost)),
    latency: merged(reports.map((r) => r.latency)),
  }
}

function merged(all: readonly HistogramData[]): Histogram {
  const histogram = new Histogram()
  for (const data of all) histogram.merge(data)
  return histogram
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function sumRecords(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const [key, count] of records.flatMap(Object.entries)) total[key] = (total[key] ?? 0) + count
  return total
}

/** 10 over 3: 4, 3, 3. */
function split(count: number, parts: number): number[] {
  return Array.from({ length: parts }, (_, at) => Math.floor(count / parts) + (at < count % parts ? 1 : 0))
}
