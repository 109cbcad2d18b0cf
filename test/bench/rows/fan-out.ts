/** One channel, many subscribers, one publisher: the CPU of the server process for each delivered message. */
import { Pool } from '../load/pool.ts'
import { cpuSeconds } from '../measure/processes.ts'
import type { Running, System } from '../systems/index.ts'
import { PAYLOAD } from './payload.ts'
import { inRounds, pause, withSystems } from './rounds.ts'
import type { Budget, Measurements, Row, Values } from './row.ts'
import { warmUp } from './warm-up.ts'

export interface FanOut {
  readonly name: string
  readonly title: string
  readonly subscribers: number
  /** Messages per second. */
  readonly rate: number
  readonly systems: readonly System[]
  readonly budgets: readonly Budget[]
}

/** For messages in flight after the last publish. */
const LINGER_MS = 400
/** Of this row's own work, after the general warm-up. */
const WARM_UP_SECONDS = 2

export function fanOut(work: FanOut): Row {
  return {
    name: work.name,
    title: work.title,
    main: 'cpu',
    metrics: [
      { name: 'cpu', label: 'CPU per message, us', digits: 2 },
      { name: 'p50', label: 'p50, ms', digits: 1 },
      { name: 'p99', label: 'p99, ms', digits: 1 },
      { name: 'bytes', label: 'bytes per message', digits: 0 },
      { name: 'lost', label: 'lost', digits: 0 },
      { name: 'disorder', label: 'out of order', digits: 0 },
    ],
    budgets: work.budgets,
    systems: work.systems,
    run: (context) =>
      withSystems(context.systems, context, async (running) => {
        const load = new Pool(1)
        const publisher = new Pool(1)
        try {
          for (const system of running) await join(system, work, load, publisher)
          let number = 0
          const slice = async (system: Running, seconds: number): Promise<Values> => {
            const values = await measure(system, work, { load, publisher, seconds, number })
            number += Math.ceil(seconds * work.rate) + 1
            return values
          }
          for (const system of running) await warmUp(system, load, publisher)
          for (const system of running) await slice(system, WARM_UP_SECONDS)
          return await inRounds(running, context, (system) => slice(system, context.seconds))
        } finally {
          await Promise.all([load.stop(), publisher.stop()])
        }
      }),
  }
}

async function join(system: Running, { subscribers }: FanOut, load: Pool, publisher: Pool): Promise<void> {
  const job = {
    group: system.name,
    dialect: system.dialect,
    targets: system.targets,
    secret: system.secret,
    concurrency: 50,
    rate: 0,
    timeoutMs: 30_000,
    first: 0,
  }
  const channel = system.channel('fan-out')
  const opened = await load.open({
    ...job,
    count: subscribers,
    userPrefix: 'u',
    channels: { prefix: channel, each: 0 },
  })
  const { joined } = await publisher.open({ ...job, count: 1, userPrefix: 'p' })
  if (opened.joined !== subscribers || joined !== 1) {
    throw new Error(
      `${system.name}: ${opened.joined} of ${subscribers} joined: ${JSON.stringify(opened.failed)}`,
    )
  }
}

async function measure(
  system: Running,
  { rate, subscribers }: FanOut,
  { load, publisher, seconds, number }: { load: Pool; publisher: Pool; seconds: number; number: number },
): Promise<Values> {
  await load.count()
  const before = cpuSeconds(system.pids)
  const { published } = await publisher.publish({
    group: system.name,
    channel: system.channel('fan-out'),
    size: PAYLOAD,
    seconds,
    rate,
    window: 0,
    firstNumber: number,
  })
  await pause(LINGER_MS)
  const cpu = cpuSeconds(system.pids) - before
  const { received, latency, outOfOrder, bytes } = await load.count()
  await publisher.count()
  return {
    cpu: (cpu * 1e6) / received,
    p50: latency.percentile(0.5),
    p99: latency.percentile(0.99),
    bytes: bytes / received,
    lost: published * subscribers - received,
    // Each slice begins with a new number, which each subscriber counts as a step.
    disorder: Math.max(0, outOfOrder - subscribers),
  }
}

export type { Measurements }
