/** A channel with presence and 10,000 members: the cost of a member, and of a read. */
import { median } from '@skein/testkit'
import { Pool } from '../load/pool.ts'
import { cpuSeconds } from '../measure/processes.ts'
import { callApi } from '../systems/api.ts'
import type { System } from '../systems/index.ts'
import { inRounds, withSystems } from './rounds.ts'
import type { Row } from './row.ts'

const MEMBERS = 10_000
const CHANNEL = 'crowd:presence'

export function presence(systems: readonly System[]): Row {
  return {
    name: 'presence',
    title: `A channel with presence and ${MEMBERS.toLocaleString('en')} members`,
    main: 'stats',
    metrics: [
      { name: 'stats', label: 'presence_stats, ms', digits: 1 },
      { name: 'list', label: 'presence (all members), ms', digits: 1 },
      { name: 'cpu', label: 'node’s CPU to connect and enter, us', digits: 0 },
      { name: 'members', label: 'members seen', digits: 0 },
    ],
    budgets: [],
    systems,
    run: (context) =>
      withSystems(context.systems, context, async (running) => {
        // One load process for each system: the sockets of all exceed the open files of one.
        const pools: Pool[] = []
        try {
          const entering = new Map<string, number>()
          for (const { name, dialect, targets, secret, pids } of running) {
            const pool = new Pool(1)
            pools.push(pool)
            const before = cpuSeconds(pids)
            const { joined, failed } = await pool.open({
              group: name,
              dialect,
              targets,
              secret,
              userPrefix: 'u',
              count: MEMBERS,
              first: 0,
              concurrency: 50,
              rate: 0,
              timeoutMs: 60_000,
              channels: { prefix: CHANNEL, each: 0 },
            })
            if (joined !== MEMBERS) throw new Error(`${name}: ${JSON.stringify(failed)}`)
            entering.set(name, ((cpuSeconds(pids) - before) * 1e6) / joined)
          }
          return await inRounds(running, context, async (system) => ({
            stats: await timed(() => callApi(system, 'presence_stats', { channel: CHANNEL })),
            list: await timed(() => callApi(system, 'presence', { channel: CHANNEL })),
            cpu: entering.get(system.name) ?? Number.NaN,
            members: (await callApi<{ num_clients: number }>(system, 'presence_stats', { channel: CHANNEL }))
              .num_clients,
          }))
        } finally {
          await Promise.all(pools.map((pool) => pool.stop()))
        }
      }),
  }
}

/** Milliseconds, the median of ten. */
async function timed(call: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < 10; i++) {
    const before = performance.now()
    await call()
    times.push(performance.now() - before)
  }
  return median(times)
}
