/** Two server processes: the publisher on one, the subscribers on the other, at a rate that loads neither. */
import { Pool } from '../load/pool.ts'
import type { System } from '../systems/index.ts'
import { PAYLOAD } from './payload.ts'
import { inRounds, pause, withSystems } from './rounds.ts'
import type { Budget, Row } from './row.ts'
import { warmUp } from './warm-up.ts'

const SUBSCRIBERS = 10
const RATE = 100

export function crossNode(systems: readonly System[], budgets: readonly Budget[]): Row {
  return {
    name: 'cross-node',
    title: `From one node to another: ${SUBSCRIBERS} subscribers, ${RATE} messages a second`,
    main: 'p50',
    metrics: [
      { name: 'p50', label: 'p50, ms', digits: 2 },
      { name: 'p99', label: 'p99, ms', digits: 2 },
      { name: 'p999', label: 'p99.9, ms', digits: 2 },
      { name: 'lost', label: 'lost', digits: 0 },
    ],
    budgets,
    systems,
    run: (context) =>
      withSystems(context.systems, { ...context, nodes: 2 }, async (running) => {
        const load = new Pool(1)
        const publisher = new Pool(1)
        try {
          for (const { name, dialect, targets, secret, channel } of running) {
            const [near, far] = targets
            if (near === undefined || far === undefined) throw new Error(`${name} has no second process`)
            const job = {
              group: name,
              dialect,
              secret,
              concurrency: 10,
              rate: 0,
              timeoutMs: 30_000,
              first: 0,
            }
            const channels = { prefix: channel('cross'), each: 0 }
            await load.open({ ...job, targets: [far], userPrefix: 'u', count: SUBSCRIBERS, channels })
            await publisher.open({ ...job, targets: [near], userPrefix: 'p', count: 1 })
          }
          for (const system of running) await warmUp(system, load, publisher)
          return await inRounds(running, context, async ({ name, channel }) => {
            await load.count()
            const { published } = await publisher.publish({
              group: name,
              channel: channel('cross'),
              size: PAYLOAD,
              seconds: context.seconds,
              rate: RATE,
              window: 0,
              firstNumber: 0,
            })
            await pause(300)
            const { latency, received } = await load.count()
            return {
              p50: latency.percentile(0.5),
              p99: latency.percentile(0.99),
              p999: latency.percentile(0.999),
              lost: published * SUBSCRIBERS - received,
            }
          })
        } finally {
          await Promise.all([load.stop(), publisher.stop()])
        }
      }),
  }
}
