/**
 * Faults of one Redis: killed, restarted, emptied, paused, slow, full, and without its Pub/Sub connections.
 */
import { readdir, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { ownNetworkLacks, pause, statusOf } from '@skein/testkit'
import type { Form, Run, Scenario } from '../scenario.ts'
import { usual } from './usual.ts'

const times = (form: Form, short: number, long: number): number => (form === 'long' ? long : short)

export const redisRestart: Scenario = {
  name: 'redis-restart',
  about: 'Redis is shut down in order and started again, with its append-only file',
  seconds: { short: 7, long: 40 },
  world: () => ({}),
  load: usual,
  healsWithin: 5000,
  disturb: async (run) => {
    for (let time = 0; time < times(run.form, 1, 3); time++) {
      await outage(run, 'SHUTDOWN', async () => void (await run.world.redis.command('SHUTDOWN')), 1000)
      await pause(times(run.form, 500, 5000))
    }
  },
}

export const redisKill: Scenario = {
  name: 'redis-kill',
  about:
    'kill -9 of Redis; nodes stay alive, say that they are not ready, refuse quickly, and heal by themselves',
  seconds: { short: 9, long: 60 },
  world: () => ({}),
  load: usual,
  healsWithin: 5000,
  disturb: async (run) => {
    await outage(run, 'kill -9', () => undefined, times(run.form, 3000, 20_000), true)
    await pause(times(run.form, 500, 8000))
    if (run.form === 'long') await outage(run, 'kill -9', () => undefined, 1000)
  },
}

export const redisEmpty: Scenario = {
  name: 'redis-empty',
  about: 'Redis without persistence is killed and comes back empty: every client must be notified',
  seconds: { short: 7, long: 40 },
  world: () => ({ persistent: false }),
  load: usual,
  mayForfeit: true,
  healsWithin: 5000,
  disturb: (run) => outage(run, 'kill -9', () => undefined, 1000),
  judge: (run, verdict) => {
    if (verdict.notified === 0) run.failed('no client was notified of the lost streams')
  },
}

export const redisTorn: Scenario = {
  name: 'redis-torn',
  about:
    'Redis is killed and the end of its append-only file is lost: every client of a lost publication is notified',
  seconds: { short: 8, long: 40 },
  world: () => ({}),
  load: usual,
  mayForfeit: true,
  disturb: (run) =>
    run.fault(
      'kill -9 of Redis, and its last writes',
      async () => {
        const { redis } = run.world
        const dir = (await redis.command('CONFIG', 'GET', 'dir'))
          .split('\r\n')
          .find((line) => line.startsWith('/'))
        await redis.kill()
        await tearOff(join(dir ?? '', 'appendonlydir'), 30_000)
      },
      500,
      () => run.world.redis.start(),
    ),
  judge: (run, verdict) => {
    if (verdict.forfeited === 0) run.failed('nothing was lost by Redis: nothing was tested')
    if (verdict.notified === 0) run.failed('no client was notified of the lost ends of streams')
  },
}

/** Cuts bytes off the end of the append-only file. */
async function tearOff(folder: string, bytes: number): Promise<void> {
  const name = (await readdir(folder)).find((file) => file.endsWith('.incr.aof'))
  const file = join(folder, name ?? '')
  await truncate(file, Math.max(0, (await stat(file)).size - bytes))
}

/** Redis is gone for `ms`. */
async function outage(run: Run, name: string, end: () => unknown, ms: number, probed = false): Promise<void> {
  const { redis } = run.world
  await run.fault(
    `${name} of Redis`,
    async () => {
      await end()
      await redis.kill()
      if (probed) await probes(run, ms - 500)
    },
    probed ? 500 : ms,
    () => redis.start(),
  )
}

/** Without Redis a node is unready, stays alive, and replies to every publisher. */
async function probes(run: Run, ms: number): Promise<void> {
  const { internalUrl } = run.world.node(0)
  await pause(ms)
  const [ready, alive] = await Promise.all([
    statusOf(`${internalUrl}/readyz`),
    statusOf(`${internalUrl}/livez`),
  ])
  if (ready !== 503) run.failed(`without Redis /readyz answered ${ready}`)
  if (alive !== 200) run.failed(`without Redis /livez answered ${alive}`)
  const began = performance.now()
  await run.world.api('publish', { channel: 'room:0', data: 0 }).then(
    () => run.failed('a publication was acknowledged without Redis'),
    () => undefined,
  )
  const each = (performance.now() - began) / run.world.nodes.length
  run.figure('a refusal without Redis', Math.round(each), 'ms', 2000)
}

export const redisPause: Scenario = {
  name: 'redis-pause',
  about: 'Redis is stopped (SIGSTOP) for some seconds: connections stand, and nothing answers',
  seconds: { short: 9, long: 60 },
  world: () => ({}),
  load: usual,
  disturb: async (run) => {
    const { redis } = run.world
    for (const ms of run.form === 'long' ? [2000, 8000, 20_000] : [4000]) {
      await run.fault(
        'SIGSTOP of Redis',
        () => redis.freeze(),
        ms,
        () => redis.thaw(),
      )
      await pause(times(run.form, 500, 6000))
    }
  },
}

export const redisLatency: Scenario = {
  name: 'redis-latency',
  about: 'everything between nodes and Redis takes 50 ms longer in each direction',
  seconds: { short: 6, long: 40 },
  world: () => ({ proxies: true }),
  load: usual,
  disturb: async (run) => {
    const delay = (ms: number): void => {
      for (const proxy of run.world.proxies) proxy.delay(ms)
    }
    await run.fault(
      'latency 50 ms',
      () => delay(50),
      times(run.form, 3000, 20_000),
      () => delay(0),
    )
  },
}

export const pubsubKill: Scenario = {
  name: 'pubsub-kill',
  about: 'Redis closes all Pub/Sub connections, again and again',
  seconds: { short: 6, long: 40 },
  world: () => ({}),
  load: usual,
  healsWithin: 5000,
  disturb: async (run) => {
    for (let time = 0; time < times(run.form, 3, 20); time++) {
      await run.fault('CLIENT KILL TYPE pubsub', () =>
        run.world.redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub'),
      )
      await pause(times(run.form, 900, 1500))
    }
  },
}

export const pubsubBuffer: Scenario = {
  name: 'pubsub-buffer',
  about: 'a node reads nothing for two seconds, and Redis drops its Pub/Sub connection for its output buffer',
  seconds: { short: 8, long: 40 },
  world: () => ({ redisSettings: ['--client-output-buffer-limit', 'pubsub', '64kb', '32kb', '1'] }),
  lacks: ownNetworkLacks,
  smallBuffers: true,
  load: (form) => ({ ...usual(form), publish: { byApi: 4, bySocket: 4, every: 60, padding: 3000 } }),
  disturb: async (run) => {
    for (let time = 0; time < times(run.form, 1, 5); time++) {
      const node = run.world.node(time % run.world.nodes.length)
      await run.fault(
        `SIGSTOP of ${node.name}`,
        () => node.kill('SIGSTOP'),
        2500,
        () => node.kill('SIGCONT'),
      )
      await pause(times(run.form, 1000, 4000))
    }
    const dropped = run.world.redis.logs().includes('overcoming of output buffer limits')
    if (!dropped) run.failed('Redis dropped no connection for its output buffer: nothing was tested')
  },
}

export const redisFull: Scenario = {
  name: 'redis-full',
  about: 'Redis reaches maxmemory: publications are refused, none is delivered that was not kept',
  seconds: { short: 8, long: 40 },
  world: () => ({ redisSettings: ['--maxmemory-policy', 'noeviction'] }),
  load: usual,
  healsWithin: 5000,
  disturb: async (run) => {
    const limit = (bytes: string): Promise<string> =>
      run.world.redis.command('CONFIG', 'SET', 'maxmemory', bytes)
    await run.fault(
      'maxmemory',
      () => limit('1mb'),
      times(run.form, 3000, 15_000),
      () => limit('0'),
    )
  },
  judge: (run, verdict) => {
    if (verdict.refused === 0) run.failed('Redis was never full')
  },
}
