/** Publishing with history, from the client to its acknowledgement, on one node. */
import { Pool } from '../load/pool.ts'
import { cpuSeconds } from '../measure/processes.ts'
import type { System } from '../systems/index.ts'
import { PAYLOAD } from './payload.ts'
import { inRounds, withSystems } from './rounds.ts'
import type { Budget, Row } from './row.ts'

const WINDOW = 256
/** Connections of the window, each with a channel of its own. */
const PUBLISHERS = 16

export function publish(systems: readonly System[], budgets: readonly Budget[]): Row {
  return {
    name: 'publish',
    title: `Publishing with history, ${WINDOW} unacknowledged over ${PUBLISHERS} connections, one node`,
    main: 'rate',
    metrics: [
      { name: 'rate', label: 'acknowledged per second', digits: 0 },
      { name: 'p99', label: 'p99 at full speed, ms', digits: 1 },
      { name: 'halfP99', label: 'p99 at half of it, ms', digits: 1 },
      { name: 'cpu', label: 'node’s CPU per publish, us', digits: 1 },
      { name: 'redis', label: 'Redis’s CPU per publish, us', digits: 1 },
      { name: 'refused', label: 'refused', digits: 0 },
    ],
    budgets,
    systems,
    run: (context) =>
      withSystems(context.systems, context, async (running) => {
        const pool = new Pool(1)
        try {
          for (const system of running) {
            await pool.open({
              group: system.name,
              dialect: system.dialect,
              targets: system.targets,
              secret: system.secret,
              userPrefix: 'p',
              count: PUBLISHERS,
              first: 0,
              concurrency: PUBLISHERS,
              rate: 0,
              timeoutMs: 30_000,
              channels: { prefix: system.channel('publish', true), each: 1 },
            })
            await pool.publish({ group: system.name, ...job(2, 0) })
          }
          return await inRounds(running, context, async (system) => {
            const before = cpuSeconds(system.pids)
            const redisBefore = cpuSeconds([context.redisPid()])
            const full = await pool.publish({ group: system.name, ...job(context.seconds, 0) })
            const cpu = cpuSeconds(system.pids) - before
            const redis = cpuSeconds([context.redisPid()]) - redisBefore
            const rate = full.acked / full.seconds
            const half = await pool.publish({ group: system.name, ...job(context.seconds, rate / 2) })
            return {
              rate,
              p99: full.ackTimes.percentile(0.99),
              halfP99: half.ackTimes.percentile(0.99),
              cpu: (cpu * 1e6) / full.acked,
              redis: (redis * 1e6) / full.acked,
              refused: full.refused + half.refused,
            }
          })
        } finally {
          await pool.stop()
        }
      }),
  }
}

const job = (seconds: number, rate: number) => ({
  size: PAYLOAD,
  seconds,
  rate,
  window: rate === 0 ? WINDOW : WINDOW * 16,
  firstNumber: 0,
})
