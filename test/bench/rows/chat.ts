/** 1,000 rooms of 10, all members write. */
import { Pool } from '../load/pool.ts'
import { cpuSeconds } from '../measure/processes.ts'
import type { System } from '../systems/index.ts'
import { PAYLOAD } from './payload.ts'
import { inRounds, pause, withSystems } from './rounds.ts'
import type { Budget, Row } from './row.ts'

const ROOMS = 1000
const MEMBERS = 10
/** Before the first round, of each system, as in `warm-up.ts`: messages a second, and seconds. */
const WARM_UP = { rate: 2000, seconds: 6 }
/** Messages per second of all members: each writes one in ten seconds. */
const RATE = 1000

export function chat(systems: readonly System[], budgets: readonly Budget[]): Row {
  return {
    name: 'chat',
    title: `${ROOMS.toLocaleString('en')} rooms of ${MEMBERS}, everybody writing, ${RATE.toLocaleString('en')} messages a second in all`,
    main: 'cpu',
    metrics: [
      { name: 'cpu', label: 'CPU per delivered message, us', digits: 2 },
      { name: 'p50', label: 'p50, ms', digits: 2 },
      { name: 'p99', label: 'p99, ms', digits: 2 },
      { name: 'lost', label: 'lost', digits: 0 },
    ],
    budgets,
    systems,
    run: (context) =>
      withSystems(context.systems, context, async (running) => {
        // One load process for each system: the sockets of all exceed the open files of one.
        const pools = new Map(running.map(({ name }) => [name, new Pool(1)]))
        try {
          for (const { name, dialect, targets, secret, channel } of running) {
            const { joined, failed } = await poolOf(pools, name).open({
              group: name,
              dialect,
              targets,
              secret,
              userPrefix: 'u',
              count: ROOMS * MEMBERS,
              first: 0,
              concurrency: 50,
              rate: 0,
              timeoutMs: 60_000,
              channels: { prefix: channel('chat', true), each: MEMBERS },
            })
            if (joined !== ROOMS * MEMBERS) throw new Error(`${name}: ${JSON.stringify(failed)}`)
          }
          for (const { name } of running) {
            const pool = poolOf(pools, name)
            await pool.publish({ group: name, size: PAYLOAD, window: 0, firstNumber: 0, ...WARM_UP })
            await pause(400)
          }
          return await inRounds(running, context, async (system) => {
            const pool = poolOf(pools, system.name)
            await pool.count()
            const before = cpuSeconds(system.pids)
            const { published } = await pool.publish({
              group: system.name,
              size: PAYLOAD,
              seconds: context.seconds,
              rate: RATE,
              window: 0,
              firstNumber: 0,
            })
            await pause(400)
            const cpu = cpuSeconds(system.pids) - before
            const { latency, received } = await pool.count()
            return {
              cpu: (cpu * 1e6) / received,
              p50: latency.percentile(0.5),
              p99: latency.percentile(0.99),
              lost: published * MEMBERS - received,
            }
          })
        } finally {
          await Promise.all([...pools.values()].map((pool) => pool.stop()))
        }
      }),
  }
}

function poolOf(pools: ReadonlyMap<string, Pool>, name: string): Pool {
  const pool = pools.get(name)
  if (pool === undefined) throw new Error(`no pool for ${name}`)
  return pool
}
