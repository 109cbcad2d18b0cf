/** Opening connections: CPU of the server process for each, and connections a second. */
import { Pool } from '../load/pool.ts'
import { cpuSeconds } from '../measure/processes.ts'
import type { Running, System } from '../systems/index.ts'
import { inRounds, pause, withSystems } from './rounds.ts'
import type { Budget, Row, Values } from './row.ts'

const PER_ROUND = 3000
/**
 * Opened and closed before the first round: V8 compiles the code of a handshake until some tens of thousands
 * are done, and a server in production has them behind it.
 */
const WARM_UP = 30_000
/** At the same time: the load after the restart of a node, and within the limits of two cores. */
const CONCURRENCY = 50

export function connect(systems: readonly System[], budgets: readonly Budget[]): Row {
  return {
    name: 'connect',
    title: `Opening ${PER_ROUND.toLocaleString('en')} connections, ${CONCURRENCY} at a time, without a channel, after ${WARM_UP.toLocaleString('en')} others`,
    main: 'cpu',
    metrics: [
      { name: 'cpu', label: 'CPU per connection, us', digits: 0 },
      { name: 'rate', label: 'connections per second', digits: 0 },
      { name: 'p99', label: 'p99, ms', digits: 1 },
      { name: 'failed', label: 'failed', digits: 0 },
    ],
    budgets,
    systems,
    run: (context) =>
      withSystems(context.systems, context, async (running) => {
        const pool = new Pool(1)
        let first = 0
        const slice = async (system: Running, count: number): Promise<Values> => {
          first += count
          return await measure(system, pool, count, first)
        }
        try {
          for (const system of running) {
            for (let opened = 0; opened < WARM_UP; opened += PER_ROUND) await slice(system, PER_ROUND)
          }
          return await inRounds(running, context, (system) => slice(system, PER_ROUND))
        } finally {
          await pool.stop()
        }
      }),
  }
}

async function measure(system: Running, pool: Pool, count: number, first: number): Promise<Values> {
  const before = cpuSeconds(system.pids)
  const opened = await pool.open({
    group: system.name,
    dialect: system.dialect,
    targets: system.targets,
    secret: system.secret,
    userPrefix: 'u',
    count,
    first,
    concurrency: CONCURRENCY,
    rate: 0,
    timeoutMs: 30_000,
  })
  const cpu = cpuSeconds(system.pids) - before
  await pool.close(system.name)
  // Closing is work of another kind.
  await pause(1500)
  return {
    cpu: (cpu * 1e6) / opened.joined,
    rate: opened.joined / opened.seconds,
    p99: opened.joinTimes.percentile(0.99),
    failed: opened.attempted - opened.joined,
  }
}
