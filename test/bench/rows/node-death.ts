/**
 * `kill -9` of a node with many connections: the time until presence is correct, and until Redis holds no
 * trace of the node.
 */
import { Pool } from '../load/pool.ts'
import { callApi } from '../systems/api.ts'
import type { System } from '../systems/index.ts'
import { pause, rotated } from './rounds.ts'
import type { BenchContext, Budget, Measurements, Row, Values } from './row.ts'

const CONNECTIONS = 15_000
const CHANNEL = 'crowd:death'
/** The wait ends after this, and shows as this. */
const PATIENCE_SECONDS = 60
const POLL_MS = 50
/** Each round starts and fills its own nodes. */
const MOST_ROUNDS = 3

export function nodeDeath(systems: readonly System[], budgets: readonly Budget[]): Row {
  return {
    name: 'node-death',
    title: `kill -9 of a node with ${CONNECTIONS.toLocaleString('en')} connections, all in one channel with presence`,
    main: 'correct',
    metrics: [
      { name: 'correct', label: 'until presence is correct, s', digits: 2 },
      { name: 'reaped', label: 'until nothing of it is left in Redis, s', digits: 2 },
    ],
    budgets,
    systems,
    run,
  }
}

async function run(context: BenchContext): Promise<Measurements> {
  const results = new Map<string, Values[]>()
  for (let round = 0; round < Math.min(MOST_ROUNDS, context.rounds); round++) {
    for (const system of rotated(context.systems, round)) {
      const values = await measure(system, context)
      results.set(system.name, [...(results.get(system.name) ?? []), values])
      context.say(
        `  ${round + 1} ${system.name}: correct ${values['correct']} s, reaped ${values['reaped']} s`,
      )
    }
  }
  return results
}

async function measure(system: System, { redisUrl, incarnationsOver }: BenchContext): Promise<Values> {
  const running = await system.start({ redisUrl, nodes: 2 })
  const pool = new Pool(1)
  const present = async (): Promise<number> =>
    (await callApi<{ num_clients: number }>(running, 'presence_stats', { channel: CHANNEL })).num_clients
  try {
    const [near, far] = running.targets
    const [, pid] = running.pids
    if (near === undefined || far === undefined || pid === undefined) throw new Error('no second node')
    const { dialect, secret } = running
    const channels = { prefix: CHANNEL, each: 0 }
    const job = { dialect, secret, concurrency: 50, rate: 0, timeoutMs: 60_000, channels }
    await pool.open({ ...job, group: 'here', targets: [near], count: 1, first: 0, userPrefix: 'here' })
    const { joined } = await pool.open({
      ...job,
      group: 'there',
      targets: [far],
      count: CONNECTIONS,
      first: 0,
      userPrefix: 'there',
    })
    await until(async () => (await present()) === joined + 1)
    process.kill(pid, 'SIGKILL')
    let declared = false
    const isReaped = async (): Promise<boolean> => {
      const over = await incarnationsOver(system.name)
      declared ||= over > 0
      return declared && over === 0
    }
    const [correct, reaped] = await Promise.all([until(async () => (await present()) === 1), until(isReaped)])
    return { correct, reaped }
  } finally {
    await pool.stop()
    await running.stop()
  }
}

/** Returns the seconds until `check` is true. */
async function until(check: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now()
  const seconds = (): number => Math.round((performance.now() - startedAt) / 10) / 100
  while (seconds() < PATIENCE_SECONDS && !(await check())) await pause(POLL_MS)
  return seconds()
}
