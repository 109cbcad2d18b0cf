/** Redis on several servers: the loss of one of them, with its unreplicated writes. */
import { parseConfig } from '@skein/node'
import {
  pause,
  type RedisClusterSetup,
  type SentinelSetup,
  startRedisCluster,
  startSentinel,
  waitFor,
} from '@skein/testkit'
import type { Run, Scenario } from '../scenario.ts'
import { usual } from './usual.ts'

/** Whether a node accepts such an address. */
async function refused(url: string): Promise<string | undefined> {
  try {
    parseConfig({ env: { SKEIN_ENV: 'development', SKEIN_REDIS_URL: url } })
    return undefined
  } catch (error) {
    return `nodes do not take ${url}: ${error instanceof Error ? error.message : String(error)}`
  }
}

let sentinel: SentinelSetup | undefined
let cluster: RedisClusterSetup | undefined

const withSentinel = {
  missing: () => refused('redis+sentinel://127.0.0.1:26379/main'),
  world: async () => {
    sentinel = await startSentinel()
    return { redisUrl: sentinel.url }
  },
  load: usual,
  after: async () => {
    await sentinel?.stop()
    sentinel = undefined
  },
} as const

function setup<T>(of: T | undefined): T {
  if (of === undefined) throw new Error('this scenario has no such Redis')
  return of
}

export const sentinelFailover: Scenario = {
  ...withSentinel,
  name: 'sentinel-failover',
  about: 'kill -9 of the primary; the Sentinels name another one',
  seconds: { short: 10, long: 60 },
  // Acknowledged by the primary alone, it may be lost with it: then every client is notified.
  mayForfeit: true,
  disturb: async (run) => {
    await run.fault('kill -9 of the primary', async () => (await setup(sentinel).primary()).kill())
    await pause(1000)
  },
}

export const sentinelPause: Scenario = {
  ...withSentinel,
  name: 'sentinel-zombie',
  about: 'the primary is stopped, another one takes its place, and the old one wakes',
  seconds: { short: 14, long: 60 },
  mayForfeit: true,
  healsWithin: 15_000,
  disturb: async (run) => {
    const old = await setup(sentinel).primary()
    await run.fault(
      'SIGSTOP of the primary',
      async () => {
        old.freeze()
        await waitFor('another primary', async () => (await setup(sentinel).primary()) !== old, 20_000)
      },
      2000,
      () => old.thaw(),
    )
  },
}

export const sentinelLag: Scenario = {
  ...withSentinel,
  name: 'sentinel-lag',
  about:
    'the primary dies with publications that no replica has: they are lost, and every client is notified',
  seconds: { short: 12, long: 60 },
  mayForfeit: true,
  disturb: async (run) => {
    await setup(sentinel).severReplication()
    await pause(1500)
    await run.fault('kill -9 of the primary', async () => (await setup(sentinel).primary()).kill())
    await pause(1000)
  },
  judge: (run, verdict) => {
    if (verdict.notified === 0)
      run.failed('no client was notified of the publications that the new primary lacks')
  },
}

export const clusterFailover: Scenario = {
  name: 'cluster-failover',
  about: 'kill -9 of one shard of a Redis Cluster; its replica takes over',
  seconds: { short: 12, long: 60 },
  missing: () => refused('redis+cluster://127.0.0.1:7000'),
  world: async () => {
    cluster = await startRedisCluster()
    return { redisUrl: cluster.url }
  },
  load: usual,
  mayForfeit: true,
  disturb: async (run) => {
    const shard = await setup(cluster).primaryOf('skein:{room:0}:stream')
    await run.fault('kill -9 of a shard', () => shard.kill())
    await pause(1000)
  },
  after: async () => {
    await cluster?.stop()
    cluster = undefined
  },
}

export const clusterResharding: Scenario = {
  ...clusterFailover,
  name: 'cluster-reshard',
  about: 'slots of busy channels move from one shard to another',
  mayForfeit: false,
  disturb: async (run) => {
    for (const channel of run.channels.slice(0, run.form === 'long' ? 20 : 2)) {
      await move(run, channel)
      await pause(500)
    }
  },
}

function move(run: Run, channel: string): Promise<void> {
  return run.fault(`slot of ${channel}`, () => setup(cluster).moveSlotOf(`skein:{${channel}}:stream`))
}
