/** Idle connections: the resident memory that each adds to the server process. */
import { Pool } from '../load/pool.ts'
import { residentBytes, settled } from '../measure/processes.ts'
import type { Running, System } from '../systems/index.ts'
import { pause, rotated } from './rounds.ts'
import type { BenchContext, Budget, Measurements, Row, Values } from './row.ts'

export const IDLE_CONNECTIONS = 15_000
/** After the start, for modules that are loaded lazily. */
const BEFORE_MS = 2000
const SETTLE_MS = 20_000
/** Opened and closed first, so that buffers and pools have their size. */
const WARM_UP = 500

export function idle(systems: readonly System[], budgets: readonly Budget[]): Row {
  return {
    name: 'idle',
    title: `${IDLE_CONNECTIONS.toLocaleString('en')} idle connections, each with a channel of its own`,
    main: 'memory',
    metrics: [
      { name: 'memory', label: 'KB per connection', digits: 1 },
      { name: 'base', label: 'process without connections, MB', digits: 0 },
      { name: 'failed', label: 'failed to connect', digits: 0 },
    ],
    budgets,
    systems,
    run,
  }
}

/** One system after the other, each in a fresh process: a process seldom returns memory. */
async function run(context: BenchContext): Promise<Measurements> {
  const results = new Map<string, Values[]>()
  for (let round = 0; round < context.rounds; round++) {
    for (const system of rotated(context.systems, round)) {
      const running = await system.start({ redisUrl: context.redisUrl, nodes: 1 })
      const pool = new Pool(1)
      try {
        const values = await measure(running, pool)
        results.set(system.name, [...(results.get(system.name) ?? []), values])
        context.say(`  ${round + 1} ${system.name}: ${values['memory']?.toFixed(2)} KB`)
      } finally {
        await Promise.all([pool.stop(), running.stop()])
      }
    }
  }
  return results
}

async function measure(system: Running, pool: Pool): Promise<Values> {
  const job = {
    dialect: system.dialect,
    targets: system.targets,
    secret: system.secret,
    userPrefix: 'u',
    concurrency: 50,
    rate: 0,
    timeoutMs: 60_000,
    channels: { prefix: system.channel('idle'), each: 1 },
  }
  await pool.open({ ...job, group: 'warm-up', count: WARM_UP, first: 0 })
  await pool.close('warm-up')
  await pause(BEFORE_MS)
  const before = residentBytes(system.pids)
  const { joined, attempted } = await pool.open({
    ...job,
    group: 'idle',
    count: IDLE_CONNECTIONS,
    first: WARM_UP,
  })
  await settled(system.pids, SETTLE_MS)
  const { open } = await pool.count()
  if (open !== joined) throw new Error(`${system.name}: ${joined - open} idle connections were lost`)
  return {
    memory: (residentBytes(system.pids) - before) / open / 1024,
    base: before / 1e6,
    failed: attempted - joined,
  }
}
