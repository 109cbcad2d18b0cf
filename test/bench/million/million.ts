/**
 * `npm run bench -- million`: as many connections as this machine holds, each with a token, a session and a
 * subscription, with Redis and the clients on the same machine. A broadcast to all of them follows, and
 * messages to single users.
 */
import { startRedis } from '@skein/testkit'
import { Pool } from '../load/pool.ts'
import { machine } from '../measure/machine.ts'
import { cpuSeconds } from '../measure/processes.ts'
import type { Options } from '../options.ts'
import { pause } from '../rows/rounds.ts'
import { type SkeinVariant, skeinCluster } from '../systems/skein.ts'
import { broadcast, type Delivery, personal } from './deliveries.ts'
import { type ByPart, type Filled, fill, type Parts } from './fill.ts'
import { availableBytes, dropCaches, proportionalBytes } from './memory.ts'
import { plan } from './plan.ts'

const IDLE_SECONDS = 10
/** After the last connection, for messages in flight. */
const SETTLE_MS = 5000

const MILLION: SkeinVariant = {
  name: 'skein',
  label: 'Skein',
  env: {
    // 3,300 pings a second for a million; with 25 s it would be 40,000, half of a two-core machine.
    SKEIN_PING_INTERVAL: '300s',
    // Each connection has a channel of its own, its user's: at every 30 s that would be 33,000 questions to
    // Redis a second.
    SKEIN_POSITION_CHECK_INTERVAL: '300s',
    // Clients share two cores with all nodes: a late pong is no lost connection.
    SKEIN_PONG_TIMEOUT: '60s',
    SKEIN_STALE_TIMEOUT: '60s',
    // 15 MB less for each of 56 nodes; a node sets both itself otherwise (`memory-settings.ts`).
    NODE_OPTIONS: '--max-semi-space-size=8',
    MALLOC_ARENA_MAX: '1',
  },
}

export interface MillionReport extends Filled {
  readonly wanted: number
  readonly nodes: number
  readonly atOnce: number
  readonly inFlight: number
  /** Bytes. */
  readonly memory: ByPart & { readonly kernel: number }
  /** Seconds of CPU per second, everybody idle. */
  readonly idleCpu: ByPart
  /** Connections that the server closed before the broadcast, with reasons. */
  readonly lost: Readonly<Record<string, number>>
  readonly broadcast: Delivery
  readonly personal: Delivery
}

export async function million(options: Options): Promise<MillionReport> {
  const { connections } = options
  const planned = plan(connections, machine().files, options)
  const { processes, perProcess, atOnce, inFlight } = planned
  console.log(
    `${processes} nodes and ${processes} load processes, ${perProcess.toLocaleString('en')} connections each; ` +
      `${atOnce} pairs at a time, ${inFlight} connections in flight in each`,
  )
  if (!dropCaches())
    console.log('the page cache stays: the kernel will reclaim it under way (run as root on Linux)')
  const before = availableBytes()
  const redis = await startRedis({ settings: ['--maxclients', '10000'] })
  const nodes = await skeinCluster(MILLION, redis.url)
  const pool = new Pool(0)
  const parts = { nodes, pool, redisPid: redis.pid() }
  try {
    const filled = await fill(parts, planned)
    await pause(SETTLE_MS)
    const memory = memoryOf(parts, before)
    const idleCpu = await idle(parts)
    const { lost } = await pool.countAnyway()
    const report = {
      wanted: connections,
      nodes: nodes.pids.length,
      atOnce,
      inFlight,
      ...filled,
      memory,
      idleCpu,
      lost,
      broadcast: await broadcast(nodes, pool, filled.reached),
      personal: await personal(nodes, pool),
    }
    const ended = [lost, report.broadcast.ended, report.personal.ended]
    if (ended.some((some) => Object.keys(some).length > 0)) console.error(lastLines(nodes.logs()))
    return report
  } catch (error) {
    // Printed before the load ends, whose pending calls fail then, too.
    console.error(`\n${String(error)}\n${lastLines(nodes.logs())}\n${lastLines(redis.logs())}`)
    throw error
  } finally {
    // Nodes first: otherwise they would report a million closed connections to Redis.
    await nodes.stop()
    await pool.stop()
    await redis.stop()
  }
}

/** Enough warnings to see their kind, of thousands that 56 nodes may log. */
function lastLines(log: string): string {
  return log.split('\n').slice(-60).join('\n')
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

async function idle({ nodes, pool, redisPid }: Parts): Promise<ByPart> {
  const read = (): ByPart => ({
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
