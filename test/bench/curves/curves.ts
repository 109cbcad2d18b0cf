/**
 * `npm run bench -- curves`: how the cost of a message grows with subscribers, with nodes and with channels, and what Redis
 * is asked for in steady state. Each point is measured after a warm-up of its own.
 */
import { type RedisServer, startRedis } from '@skein/testkit'
import { Pool } from '../load/pool.ts'
import { cpuSeconds } from '../measure/processes.ts'
import { pause } from '../rows/rounds.ts'
import type { Running } from '../systems/index.ts'
import { SKEIN } from '../systems/index.ts'

export interface Point {
  readonly x: number
  /** CPU of all nodes per delivered message, us. */
  readonly cpu: number
  readonly p99: number
  /** Commands that Redis ran, per published message. */
  readonly redisOperations: number
  /** CPU of Redis per published message, us. */
  readonly redisCpu: number
  readonly lost: number
}

export interface Curve {
  readonly name: string
  readonly title: string
  readonly xLabel: string
  readonly points: readonly Point[]
}

interface Setting {
  readonly x: number
  readonly nodes: number
  readonly subscribers: number
  /** Channels, over which subscribers and publishes are spread evenly. */
  readonly channels: number
  /** Publishes per second. */
  readonly rate: number
}

/** Deliveries per second that two cores can carry beside the clients. */
const DELIVERIES = 30_000
const BYTES = 100

const deliveriesOf = (subscribers: number): number => Math.max(0.2, DELIVERIES / subscribers)

const CURVES: readonly (Omit<Curve, 'points'> & { readonly settings: readonly Setting[] })[] = [
  {
    name: 'subscribers',
    title: 'CPU per delivered message against subscribers of one channel',
    xLabel: 'subscribers',
    settings: [10, 100, 1000, 10_000, 100_000].map((x) => ({
      x,
      nodes: Math.ceil(x / 16_000),
      subscribers: x,
      channels: 1,
      rate: Math.min(500, deliveriesOf(x)),
    })),
  },
  {
    name: 'nodes',
    title: 'CPU of all nodes per delivered message against nodes, 800 subscribers spread over them',
    xLabel: 'nodes',
    settings: [1, 2, 4, 8].map((x) => ({ x, nodes: x, subscribers: 800, channels: 1, rate: 25 })),
  },
  {
    name: 'channels',
    title:
      'CPU per delivered message against channels with interest, 10 subscribers in each as far as 10,000 connections go',
    xLabel: 'channels',
    settings: [1, 10, 100, 1000, 10_000].map((x) => ({
      x,
      nodes: 1,
      subscribers: Math.max(x, Math.min(10_000, x * 10)),
      channels: x,
      rate: 500,
    })),
  },
]

export async function curves(only: readonly string[], seconds: number): Promise<readonly Curve[]> {
  const chosen = CURVES.filter(({ name }) => only.length === 0 || only.includes(name))
  const measured: Curve[] = []
  for (const { settings, ...curve } of chosen) {
    console.log(`\n${curve.title}`)
    const points: Point[] = []
    for (const setting of settings) {
      const point = await measure(setting, seconds)
      points.push(point)
      console.log(
        `  ${String(point.x).padStart(7)} ${curve.xLabel}: ${point.cpu.toFixed(2)} us, p99 ${point.p99.toFixed(1)} ms, ` +
          `Redis ${point.redisOperations.toFixed(2)} operations and ${point.redisCpu.toFixed(1)} us a publish, lost ${point.lost}`,
      )
    }
    measured.push({ ...curve, points })
  }
  return measured
}

async function measure(setting: Setting, seconds: number): Promise<Point> {
  const redis = await startRedis()
  const nodes = await SKEIN.start({ redisUrl: redis.url, nodes: setting.nodes })
  const load = new Pool(Math.ceil(setting.subscribers / 16_000))
  const publisher = new Pool(1)
  try {
    await join(setting, nodes, load, publisher)
    await slice(setting, nodes, redis, { load, publisher, seconds: 1 })
    return await slice(setting, nodes, redis, { load, publisher, seconds })
  } finally {
    await Promise.all([load.stop(), publisher.stop(), nodes.stop()])
    await redis.stop()
  }
}

async function join(setting: Setting, nodes: Running, load: Pool, publisher: Pool): Promise<void> {
  const { subscribers, channels } = setting
  const job = {
    group: 'all',
    dialect: nodes.dialect,
    targets: nodes.targets,
    secret: nodes.secret,
    rate: 0,
    timeoutMs: 60_000,
    first: 0,
  }
  const each = Math.ceil(subscribers / channels)
  const prefix = nodes.channel('curve-')
  const opened = await load.open({
    ...job,
    count: subscribers,
    userPrefix: 'u',
    concurrency: 50,
    channels: { prefix, each },
  })
  if (opened.joined !== subscribers)
    throw new Error(`${opened.joined} of ${subscribers}: ${JSON.stringify(opened.failed)}`)
  const publishers = Math.min(channels, 1000)
  // Each publisher is in a channel of its own, and publishes to others.
  await publisher.open({
    ...job,
    count: publishers,
    userPrefix: 'p',
    concurrency: 50,
    channels: { prefix: nodes.channel('quiet-'), each: 1 },
  })
}

async function slice(
  { x, rate, subscribers, channels }: Setting,
  nodes: Running,
  redis: RedisServer,
  { load, publisher, seconds }: { load: Pool; publisher: Pool; seconds: number },
): Promise<Point> {
  await load.count()
  const operations = await commands(redis)
  const cpu = cpuSeconds(nodes.pids)
  const redisCpu = cpuSeconds([redis.pid()])
  const { published } = await publisher.publish({
    group: 'all',
    channel: `${nodes.channel('curve-')}{n}`,
    channels,
    size: BYTES,
    seconds: Math.max(seconds, 3 / rate),
    rate,
    window: 0,
    firstNumber: 0,
  })
  await pause(1000)
  const used = cpuSeconds(nodes.pids) - cpu
  const redisUsed = cpuSeconds([redis.pid()]) - redisCpu
  const after = await commands(redis)
  const { received, latency } = await load.count()
  return {
    x,
    cpu: (used * 1e6) / received,
    p99: latency.percentile(0.99),
    redisOperations: (after - operations) / published,
    redisCpu: (redisUsed * 1e6) / published,
    lost: Math.round(published * (subscribers / channels)) - received,
  }
}

/** What Redis has run so far. */
async function commands(redis: RedisServer): Promise<number> {
  const stats = await redis.command('INFO', 'stats')
  return Number(/total_commands_processed:(\d+)/.exec(stats)?.[1] ?? 0)
}
