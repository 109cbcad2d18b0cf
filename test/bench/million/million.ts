/**
 * `npm run bench -- million`: as many connections as this machine holds, each with a token, a session and a subscription,
 * with Redis and the clients on the same machine. Then a broadcast to all of them, and messages to single users.
 */
import { startRedis } from '@skein/testkit'
import { Pool } from '../load/pool.ts'
import { machine } from '../measure/machine.ts'
import { cpuSeconds } from '../measure/processes.ts'
import { number } from '../report/table.ts'
import { pause } from '../rows/rounds.ts'
import type { Running } from '../systems/index.ts'
import { skein } from '../systems/skein.ts'
import { Bar } from './bar.ts'
import { broadcast, type Delivery, personal } from './deliveries.ts'
import { availableBytes, proportionalBytes } from './memory.ts'
import { plan } from './plan.ts'

/** The goal's time. */
const MINUTES = 10
/** With less than this the machine would begin to kill. */
const SPARE_BYTES = 500_000_000
/** Connections that each load process opens between two looks at time and memory. */
const STEP = 500
/** Opening at the same time, over all processes. */
const CONCURRENCY = 200
const IDLE_SECONDS = 10

const MILLION = skein({
  name: 'skein',
  label: 'Skein',
  env: {
    // 3,300 pings a second for a million; with 25 s it would be 40,000, half of a two-core machine.
    SKEIN_PING_INTERVAL: '300s',
    SKEIN_STALE_TIMEOUT: '60s',
  },
})

export interface MillionReport {
  readonly wanted: number
  readonly reached: number
  readonly seconds: number
  readonly nodes: number
  /** Why it did not go on, if it did not. */
  readonly ended: string | undefined
  readonly failed: Readonly<Record<string, number>>
  /** Bytes. */
  readonly memory: {
    readonly nodes: number
    readonly redis: number
    readonly clients: number
    readonly kernel: number
  }
  /** Seconds of CPU per second, everybody idle. */
  readonly idleCpu: { readonly nodes: number; readonly redis: number; readonly clients: number }
  readonly broadcast: Delivery
  readonly personal: Delivery
}

export async function million(connections: number): Promise<MillionReport> {
  const { processes, perProcess } = plan(connections, machine().files)
  console.log(
    `${processes} nodes and ${processes} load processes, ${perProcess.toLocaleString('en')} connections each`,
  )
  const before = availableBytes()
  const redis = await startRedis({ settings: ['--maxclients', '10000'] })
  let nodes: Running | undefined
  const pool = new Pool(processes)
  try {
    nodes = await MILLION.start({ redisUrl: redis.url, nodes: processes })
    const parts = { nodes, pool, redisPid: redis.pid() }
    const opened = await openAll(connections, perProcess, parts)
    await pause(5000)
    const memory = memoryOf(parts, before)
    const idleCpu = await idle(parts)
    return {
      wanted: connections,
      nodes: processes,
      ...opened,
      memory,
      idleCpu,
      broadcast: await broadcast(nodes, pool, opened.reached),
      personal: await personal(nodes, pool),
    }
  } finally {
    await pool.stop()
    await nodes?.stop()
    await redis.stop()
  }
}

interface Parts {
  readonly nodes: Running
  readonly pool: Pool
  readonly redisPid: number
}

type Opened = Pick<MillionReport, 'reached' | 'seconds' | 'ended' | 'failed'>

/** Each load process fills the node of its number, step by step. */
async function openAll(connections: number, perProcess: number, { nodes, pool }: Parts): Promise<Opened> {
  const bar = new Bar(connections)
  const startedAt = Date.now()
  const failed: Record<string, number> = {}
  let reached = 0
  let ended: string | undefined
  const seconds = (): number => (Date.now() - startedAt) / 1000
  const fill = async (at: number): Promise<void> => {
    const process = pool.processes[at]
    const target = nodes.targets[at]
    if (process === undefined || target === undefined) return
    for (let done = 0; done < perProcess && ended === undefined; done += STEP) {
      const count = Math.min(STEP, perProcess - done)
      const report = await process.run({
        op: 'open',
        group: 'all',
        dialect: nodes.dialect,
        targets: [target],
        secret: nodes.secret,
        userPrefix: 'u',
        count,
        first: at * perProcess + done,
        concurrency: Math.max(2, Math.ceil(CONCURRENCY / pool.size)),
        rate: 0,
        localAddress: `127.100.${at + 1}.1`,
        timeoutMs: 60_000,
        channels: { prefix: nodes.channel('all'), each: 0 },
      })
      reached += report.joined
      for (const [why, times] of Object.entries(report.failed)) failed[why] = (failed[why] ?? 0) + times
      bar.show(reached, `${number(seconds(), 0)} s, ${number(availableBytes() / 1e9, 1)} GB left`)
      if (availableBytes() < SPARE_BYTES) ended ??= 'memory'
      if (seconds() > MINUTES * 60) ended ??= `${MINUTES} minutes`
      if (report.joined < count / 2) ended ??= `refusals: ${JSON.stringify(report.failed)}`
    }
  }
  await Promise.all(pool.processes.map((_, at) => fill(at)))
  bar.end()
  return { reached, seconds: seconds(), ended, failed }
}

function memoryOf({ nodes, pool, redisPid }: Parts, before: number): MillionReport['memory'] {
  const parts = {
    nodes: proportionalBytes(nodes.pids),
    redis: proportionalBytes([redisPid]),
    clients: proportionalBytes(pool.pids),
  }
  const used = before - availableBytes()
  return { ...parts, kernel: used - parts.nodes - parts.redis - parts.clients }
}

async function idle({ nodes, pool, redisPid }: Parts): Promise<MillionReport['idleCpu']> {
  const read = () => ({
    nodes: cpuSeconds(nodes.pids),
    redis: cpuSeconds([redisPid]),
    clients: cpuSeconds(pool.pids),
  })
  const before = read()
  await pause(IDLE_SECONDS * 1000)
  const after = read()
  return {
    nodes: (after.nodes - before.nodes) / IDLE_SECONDS,
    redis: (after.redis - before.redis) / IDLE_SECONDS,
    clients: (after.clients - before.clients) / IDLE_SECONDS,
  }
}

export function inWords(report: MillionReport): string {
  const { reached, seconds, memory, idleCpu } = report
  const gb = (bytes: number): string =>
    `${number(bytes / 1e9, 2)} GB (${number(bytes / reached / 1024, 2)} KB each)`
  const delivery = ({ expected, received, seconds: time, p50, p99 }: Delivery): string =>
    `${number(received, 0)} of ${number(expected, 0)}, the last after ${number(time, 2)} s; p50 ${number(p50, 1)} ms, p99 ${number(p99, 1)} ms`
  return [
    `reached    ${number(reached, 0)} of ${number(report.wanted, 0)} in ${number(seconds, 0)} s${report.ended === undefined ? '' : `; ended by ${report.ended}`}`,
    ...Object.entries(report.failed).map(([why, times]) => `failed     ${number(times, 0)}: ${why}`),
    `memory     nodes ${gb(memory.nodes)} · Redis ${gb(memory.redis)} · kernel ${gb(memory.kernel)} · clients ${gb(memory.clients)}`,
    `idle CPU   nodes ${number(idleCpu.nodes, 2)} · Redis ${number(idleCpu.redis, 2)} · clients ${number(idleCpu.clients, 2)} cores`,
    `broadcast  ${delivery(report.broadcast)}`,
    `personal   ${delivery(report.personal)}`,
  ].join('\n')
}
