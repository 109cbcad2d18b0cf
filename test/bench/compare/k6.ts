/**
 * `node test/bench/compare/k6.ts K6 [CONNECTIONS] [RATE]`: the load generator against k6, each with the same
 * connections to the same plain `ws` server, receiving the same messages. `K6` is its program, as `go install
 * go.k6.io/k6@latest` makes it.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from '@skein/testkit'
import { Pool } from '../load/pool.ts'
import { cpuSeconds, residentBytes } from '../measure/processes.ts'
import { pause } from '../rows/rounds.ts'
import { PEERS, type Running } from '../systems/index.ts'

const SECONDS = 10
/** Timeout until all are connected: k6 makes a JavaScript runtime for each connection. */
const JOIN_SECONDS = 20
const SCRIPT = join(import.meta.dirname, 'k6-script.js')
const [k6 = 'k6', connections = '1000', rate = '25'] = process.argv.slice(2)
const work = { connections: Number(connections), rate: Number(rate) }

interface Measured {
  readonly received: number
  readonly cpuPerMessage: number
  readonly kbPerConnection: number
}

const redis = await startRedis()
const peer = PEERS.find(({ name }) => name === 'plain-ws')
if (peer === undefined) throw new Error('plain-ws is gone')
const server = await peer.start({ redisUrl: redis.url, nodes: 1 })
const publisher = new Pool(1)
try {
  await publisher.open({ ...jobOf(server), group: 'publisher', count: 1, userPrefix: 'p' })
  console.log('own', await own(server))
  console.log('k6 ', await theirs(server))
} finally {
  await Promise.all([publisher.stop(), server.stop()])
  await redis.stop()
}

function jobOf({ dialect, targets, secret }: Running) {
  return { dialect, targets, secret, first: 0, concurrency: 50, rate: 0, timeoutMs: 30_000 }
}

async function own(running: Running): Promise<Measured> {
  const pool = new Pool(1)
  try {
    await pool.count()
    const before = residentBytes(pool.pids)
    const channels = { prefix: 'room', each: 0 }
    await pool.open({ ...jobOf(running), group: 'all', count: work.connections, userPrefix: 'u', channels })
    await pool.count()
    const measured = await during(pool.pids, before)
    return measured((await pool.count()).received)
  } finally {
    await pool.stop()
  }
}

async function theirs({ targets: [target] }: Running): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'skein-k6-'))
  const summary = join(folder, 'summary.json')
  const env = {
    URL: `ws://${target?.host}:${target?.port}/ws`,
    CONNECTIONS: String(work.connections),
    SECONDS: String(JOIN_SECONDS + SECONDS + 5),
  }
  const given = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  const child = spawn(k6, ['run', '--quiet', '--summary-export', summary, ...given, SCRIPT], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    const exited = new Promise((resolve) => child.once('exit', resolve))
    await pause(JOIN_SECONDS * 1000)
    const measured = await during([child.pid ?? -1], 0)
    await exited
    const { metrics } = JSON.parse(await readFile(summary, 'utf8')) as {
      metrics: Record<string, { count: number } | undefined>
    }
    console.log(`k6 joined ${metrics['joined']?.count} of ${work.connections}`)
    return measured(metrics['received']?.count ?? 0)
  } finally {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
}

/** CPU of these processes while messages arrive. */
async function during(pids: readonly number[], baseBytes: number): Promise<(received: number) => Measured> {
  const before = cpuSeconds(pids)
  await publisher.publish({
    group: 'publisher',
    channel: 'room',
    size: 100,
    seconds: SECONDS,
    rate: work.rate,
    window: 0,
    firstNumber: 0,
  })
  await pause(1000)
  const cpu = cpuSeconds(pids) - before
  const bytes = residentBytes(pids) - baseBytes
  return (received) => ({
    received,
    cpuPerMessage: (cpu * 1e6) / received,
    kbPerConnection: bytes / work.connections / 1024,
  })
}
