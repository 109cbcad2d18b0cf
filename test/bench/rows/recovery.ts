/** Clients reconnect and recover missed messages. */
import { Pool } from '../load/pool.ts'
import { cpuSeconds } from '../measure/processes.ts'
import { callApi } from '../systems/api.ts'
import type { Running, System } from '../systems/index.ts'
import { PAYLOAD } from './payload.ts'
import { inRounds, pause, withSystems } from './rounds.ts'
import type { Row, Values } from './row.ts'

const CLIENTS = 1000
const MISSED = 100
/** Before the first round, as in `connect.ts`: a recovery begins with a handshake. */
const WARM_UP_ROUNDS = 12

/**
 * Socket.IO is missing here: over Redis it recovers from one stream of the whole cluster, and only after a
 * clean disconnect.
 */
export function recovery(systems: readonly System[]): Row {
  return {
    name: 'recovery',
    title: `${CLIENTS.toLocaleString('en')} clients come back, 50 at a time, and recover ${MISSED} missed messages each`,
    main: 'cpu',
    metrics: [
      { name: 'cpu', label: 'CPU per recovered message, us', digits: 2 },
      { name: 'seconds', label: 'until the last has all, s', digits: 2 },
      { name: 'p99', label: 'p99 of one client, ms', digits: 1 },
      { name: 'lost', label: 'lost', digits: 0 },
    ],
    budgets: [],
    systems,
    run: (context) =>
      withSystems(context.systems, context, async (running) => {
        const pool = new Pool(1)
        try {
          for (const system of running) {
            for (let round = 1; round <= WARM_UP_ROUNDS; round++) await measure(system, pool, -round)
          }
          return await inRounds(running, context, (system, round) => measure(system, pool, round))
        } finally {
          await pool.stop()
        }
      }),
  }
}

async function measure(system: Running, pool: Pool, round: number): Promise<Values> {
  const channel = system.channel(`recovery-${round}`, true)
  const job = {
    dialect: system.dialect,
    targets: system.targets,
    secret: system.secret,
    rate: 0,
    timeoutMs: 60_000,
    first: 0,
    channels: { prefix: channel, each: 0 },
  }
  await pool.open({ ...job, group: 'writer', count: 1, userPrefix: 'w', concurrency: 1 })
  const { epoch, offset } = await callApi<{ epoch: string; offset: number }>(system, 'history', {
    channel,
    limit: 0,
  })
  await pool.publish({
    group: 'writer',
    size: PAYLOAD,
    seconds: 1,
    rate: MISSED,
    window: MISSED,
    firstNumber: 0,
  })
  await pool.close('writer')
  await pool.count()
  const before = cpuSeconds(system.pids)
  const opened = await pool.open({
    ...job,
    group: 'back',
    count: CLIENTS,
    userPrefix: 'u',
    concurrency: 50,
    since: { epoch, offset },
  })
  const cpu = cpuSeconds(system.pids) - before
  const { received } = await pool.count()
  await pool.close('back')
  await pause(500)
  return {
    cpu: (cpu * 1e6) / received,
    seconds: opened.seconds,
    p99: opened.joinTimes.percentile(0.99),
    lost: CLIENTS * MISSED - received,
  }
}
