/** A Redis Cluster that loses primaries and migrates slots, under load on channels of every shard. */
import { pause, type RedisClusterSetup, startRedisCluster, waitFor } from '@skein/testkit'
import { type ContractNode, enter, envelope, info } from '@skein/testkit/contracts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createRedisCluster, type RedisCluster } from '../index.ts'
import { heardBy, judge, KEPT, type Load, publishAlong } from '../testing/load.ts'

vi.setConfig({ testTimeout: 90_000 })

const UNKEPT = { historySize: 0, historyTtl: 0, metaTtl: 0 }
/** Channels on all shards. */
const CHANNELS = Array.from({ length: 12 }, (_, at) => `room:${at}`)
const FIRST = CHANNELS[0] ?? ''

async function setup(): Promise<{ redis: RedisClusterSetup; a: ContractNode; b: ContractNode }> {
  const redis = await startRedisCluster()
  onTestFinished(() => redis.stop())
  const node = async (name: string): Promise<ContractNode> => {
    const cluster = createRedisCluster({ url: redis.url, name })
    onTestFinished(() => cluster.close())
    const made = await enter(name, cluster)
    await Promise.all(CHANNELS.map((channel) => cluster.broker.subscribe(channel)))
    return made
  }
  return { redis, a: await node('a'), b: await node('b') }
}

function loadAll(a: ContractNode, b: ContractNode): Load[] {
  return CHANNELS.map((channel, at) => publishAlong((at % 2 === 0 ? a : b).cluster, channel, channel))
}

/** Waits until each load has published `count` more. */
async function more(loads: readonly Load[], count: number): Promise<void> {
  const before = loads.map((load) => load.acknowledged.length)
  const continued = () => loads.every((load, at) => load.acknowledged.length >= (before[at] ?? 0) + count)
  await waitFor('all channels to continue', continued, 30_000)
}

async function judgeAll(nodes: readonly ContractNode[], loads: readonly Load[]): Promise<number> {
  await Promise.all(loads.map((load) => load.stop()))
  const [reader] = nodes
  let reported = 0
  for (const [at, channel] of CHANNELS.entries()) {
    const held = [...(loads[at]?.acknowledged ?? []), ...nodes.flatMap((node) => heardBy(node, channel))]
    const judgement = await judge((reader as ContractNode).cluster, channel, held)
    expect(judgement).toMatchObject({ silent: [], reused: [] })
    reported += judgement.reported
  }
  return reported
}

/** Waits until all nodes receive every channel again. */
async function receivesAll(from: ContractNode, nodes: readonly ContractNode[]): Promise<void> {
  for (const channel of CHANNELS) {
    const text = envelope(`barrier of ${channel}`)
    await waitFor(
      `publications of ${channel}`,
      async () => {
        await from.cluster.broker.publish(channel, text, UNKEPT)
        return nodes.every((node) => node.heard.envelopes(channel).includes(text))
      },
      10_000,
    )
  }
}

test('after the kill of a primary its channels recover within seconds, and others continue', async () => {
  const { redis, a, b } = await setup()
  const loads = loadAll(a, b)
  await more(loads, 50)
  const dead = await redis.primaryOf(`skein:{${FIRST}}`)
  const others = await Promise.all(
    CHANNELS.map(async (channel) => (await redis.primaryOf(`skein:{${channel}}`)) !== dead),
  )
  await dead.kill()
  await more(loads, 50)
  await judgeAll([a, b], loads)
  await receivesAll(b, [a, b])
  for (const [at, load] of loads.entries()) {
    expect(load.longestGap()).toBeLessThan(others[at] === true ? 1000 : 8000)
  }
})

test('no node writes to a stopped primary that resumes after the failover', async () => {
  const { redis, a, b } = await setup()
  const loads = loadAll(a, b)
  await more(loads, 50)
  const old = await redis.primaryOf(`skein:{${FIRST}}`)
  old.freeze()
  await more(loads, 50)
  old.thaw()
  await more(loads, 50)
  await pause(1500)
  await judgeAll([a, b], loads)
  await receivesAll(a, [a, b])
})

test('after a failover to a lagging replica the lost positions are reported', async () => {
  const { redis, a, b } = await setup()
  const loads = loadAll(a, b)
  await more(loads, 50)
  const primary = await redis.primaryOf(`skein:{${FIRST}}`)
  await redis.severReplication(primary)
  await more(loads, 50)
  await primary.kill()
  await more(loads, 100)
  expect(await judgeAll([a, b], loads)).toBeGreaterThan(50)
})

test('the migration of a slot under load loses nothing, and moves subscriptions and presence', async () => {
  const { redis, a, b } = await setup()
  await b.cluster.presence.add(FIRST, info('alice', '1'), true, 1000)
  const loads = loadAll(a, b)
  await more(loads, 50)
  for (let round = 0; round < 3; round++) {
    await redis.moveSlotOf(`skein:{${FIRST}}`)
    await more(loads, 20)
  }
  expect(await judgeAll([a, b], loads)).toBe(0)
  await receivesAll(b, [a, b])
  expect(await a.cluster.presence.list(FIRST)).toEqual([info('alice', '1')])
  await b.cluster.presence.remove(FIRST, info('alice', '1'), true)
  await waitFor('the leave', () => a.heard.users('leaves', FIRST).length === 1)
  expect(await (a.cluster as RedisCluster).health()).toEqual({ ok: true })
})

test('subscriptions follow a migrated slot at once, and the listener is notified of the gap', async () => {
  const { redis, a, b } = await setup()
  await redis.moveSlotOf(`skein:{${FIRST}}`)
  for (const one of [a, b]) {
    await waitFor('the restore', () => one.heard.restoredOnly.some((names) => names.join() === FIRST), 2000)
  }
  const idempotencyKey = 'after the move'
  const publish = () => a.cluster.broker.publish(FIRST, envelope(1), { ...KEPT, idempotencyKey })
  await waitFor('a publish', publish)
  for (const one of [a, b]) await waitFor('the publication', () => one.heard.offsets(FIRST).length === 1)
})

test('single keys and scripts are found during a migration', async () => {
  const { redis, a, b } = await setup()
  await a.cluster.broker.publish(FIRST, envelope(1), KEPT)
  const during = async (): Promise<void> => {
    const [top] = await b.cluster.broker.positions([FIRST])
    expect(top?.offset).toBe(1)
    const page = await b.cluster.broker.history(FIRST, { limit: -1, metaTtl: 120 })
    expect(page.publications).toHaveLength(1)
  }
  await redis.moveSlotOf(`skein:{${FIRST}}`, during)
  const { offset } = await b.cluster.broker.publish(FIRST, envelope(2), KEPT)
  expect(offset).toBe(2)
})
