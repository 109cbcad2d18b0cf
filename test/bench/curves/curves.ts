/**
 * `npm run bench -- curves`: the cost of a message against subscribers, nodes and channels, and the steady
 * load on Redis. Each point is measured after a warm-up of its own.
 */
import { type RedisServer, startRedis } from '@skein/testkit'
import { Pool } from '../load/pool.ts'
import { cpuSeconds } from '../measure/processes.ts'
import { pause } from '../rows/rounds.ts'
import { warmUp } from '../rows/warm-up.ts'
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
  readonly nodes: number
  /**
   * Commands that Redis ran per second and node while nothing was published: leases, probes, position checks.
   */
  readonly idleOperations: number
  /**
   * Commands that Redis ran per connection while they were opened, their sessions and subscriptions among
   * them.
   */
  readonly openOperations: number
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
/** Name of the connections in the load processes. */
const GROUP = 'all'
/** Milliseconds after the last publish, for messages in flight, and for each receiver. */
const LINGER = { least: 1000, each: 0.05 }
/** Connections of a process, below its limit of open files. */
const PER_PROCESS = 16_000
/** Opening at the same time, over all load processes: each node has several at once. */
const CONCURRENCY = 128
const IDLE_SECONDS = 3

const deliveriesOf = (subscribers: number): number => Math.max(0.2, DELIVERIES / subscribers)

const CURVES: readonly (Omit<Curve, 'points'> & { readonly settings: readonly Setting[] })[] = [
  {
    name: 'subscribers',
    title: 'CPU per delivered message against subscribers of one channel',
    xLabel: 'subscribers',
    settings: [10, 100, 1000, 10_000, 100_000].map((x) => ({
      x,
      nodes: Math.ceil(x / PER_PROCESS),
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
    title: 'CPU per delivered message against channels with interest, one subscriber each',
    xLabel: 'channels',
    settings: [1, 10, 100, 1000, 10_000, 100_000].map((x) => ({
      x,
      nodes: Math.ceil(x / PER_PROCESS),
      subscribers: x,
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
          `Redis ${point.redisOperations.toFixed(2)} operations and ${point.redisCpu.toFixed(1)} us a publish, ` +
          `${point.openOperations.toFixed(1)} operations a connection, ${point.idleOperations.toFixed(1)} a second and node; lost ${point.lost}`,
      )
    }
    measured.push({ ...curve, points })
  }
  return measured
}

async function measure(setting: Setting, seconds: number): Promise<Point> {
  const redis = await startRedis()
  const nodes = await SKEIN.start({ redisUrl: redis.url, nodes: setting.nodes })
  const load = new Pool(Math.ceil(setting.subscribers / PER_PROCESS))
  const publisher = new Pool(1)
  try {
    const before = await commands(redis)
    await join(setting, nodes, load)
    const openOperations = ((await commands(redis)) - before) / setting.subscribers
    await joinPublishers(setting, nodes, publisher)
    const idleOperations = await idle(redis, setting)
    await warmUp(nodes, load, publisher, GROUP)
    await slice(setting, nodes, redis, { load, publisher, seconds: 1 })
    const measured = await slice(setting, nodes, redis, { load, publisher, seconds })
    return { ...measured, idleOperations, openOperations }
  } finally {
    await Promise.all([load.stop(), publisher.stop(), nodes.stop()])
    await redis.stop()
  }
}

/** Options of every connection. */
const jobOf = (nodes: Running) => ({
  group: GROUP,
  dialect: nodes.dialect,
  targets: nodes.targets,
  secret: nodes.secret,
  rate: 0,
  timeoutMs: 60_000,
  first: 0,
  concurrency: CONCURRENCY,
})

async function join({ subscribers, channels }: Setting, nodes: Running, load: Pool): Promise<void> {
  const opened = await load.open({
    ...jobOf(nodes),
    count: subscribers,
    userPrefix: 'u',
    channels: { prefix: nodes.channel('curve-'), each: Math.ceil(subscribers / channels) },
  })
  if (opened.joined !== subscribers) {
    throw new Error(`${opened.joined} of ${subscribers}: ${JSON.stringify(opened.failed)}`)
  }
}

/** Each publisher is in a channel of its own, and publishes to others. */
async function joinPublishers({ channels }: Setting, nodes: Running, publisher: Pool): Promise<void> {
  await publisher.open({
    ...jobOf(nodes),
    count: Math.min(channels, 1000),
    userPrefix: 'p',
    channels: { prefix: nodes.channel('quiet-'), each: 1 },
  })
}

/** Commands per second and node. */
async function idle(redis: RedisServer, { nodes }: Setting): Promise<number> {
  const before = await commands(redis)
  await pause(IDLE_SECONDS * 1000)
  // The first reading is a command, too.
  return ((await commands(redis)) - before - 1) / IDLE_SECONDS / nodes
}

async function slice(
  { x, rate, subscribers, channels, nodes: size }: Setting,
  nodes: Running,
  redis: RedisServer,
  { load, publisher, seconds }: { load: Pool; publisher: Pool; seconds: number },
): Promise<Omit<Point, 'idleOperations' | 'openOperations'>> {
  await load.count()
  const operations = await commands(redis)
  const cpu = cpuSeconds(nodes.pids)
  const redisCpu = cpuSeconds([redis.pid()])
  const { published } = await publisher.publish({
    group: GROUP,
    channel: `${nodes.channel('curve-')}{n}`,
    channels,
    size: BYTES,
    seconds: Math.max(seconds, 3 / rate),
    rate,
    window: 0,
    firstNumber: 0,
  })
  await pause(LINGER.least + LINGER.each * (subscribers / channels))
  const used = cpuSeconds(nodes.pids) - cpu
  const redisUsed = cpuSeconds([redis.pid()]) - redisCpu
  const after = await commands(redis)
  const { received, latency } = await load.count()
  return {
    x,
    nodes: size,
    cpu: (used * 1e6) / received,
    p99: latency.percentile(0.99),
    redisOperations: (after - operations) / published,
    redisCpu: (redisUsed * 1e6) / published,
    lost: Math.round(published * (subscribers / channels)) - received,
  }
}

/** Commands that Redis has run so far. */
async function commands(redis: RedisServer): Promise<number> {
  const stats = await redis.command('INFO', 'stats')
  return Number(/total_commands_processed:(\d+)/.exec(stats)?.[1] ?? 0)
}
