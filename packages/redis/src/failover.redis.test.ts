/**
 * Failover with real servers (docs/design/reliability.md, promises 2 and 3): no silent loss of an
 * acknowledged publication.
 */
import { pause, type RedisServer, startSentinel, waitFor } from '@skein/testkit'
import { type ContractNode, enter, envelope } from '@skein/testkit/contracts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createRedisCluster } from './index.ts'
import { heardBy, judge, KEPT, type Load, publishAlong } from './testing/load.ts'

vi.setConfig({ testTimeout: 60_000 })

const CHANNEL = 'room:1'

async function node(url: string, name: string): Promise<ContractNode> {
  const cluster = createRedisCluster({ url, name })
  onTestFinished(() => cluster.close())
  const made = await enter(name, cluster)
  await cluster.broker.subscribe(CHANNEL)
  return made
}

async function setup() {
  const sentinel = await startSentinel()
  onTestFinished(() => sentinel.stop())
  const [a, b] = [await node(sentinel.url, 'a'), await node(sentinel.url, 'b')]
  return { sentinel, a, b }
}

/** Runs `fault` under load from both nodes, until both publish to the new primary. */
async function underLoad(a: ContractNode, b: ContractNode, fault: () => Promise<void>): Promise<Load[]> {
  const loads = [publishAlong(a.cluster, CHANNEL, 'a'), publishAlong(b.cluster, CHANNEL, 'b')]
  await waitFor('load', () => loads.every((load) => load.acknowledged.length > 50))
  await fault()
  const before = loads.map((load) => load.acknowledged.length)
  await waitFor(
    'both to publish again',
    () => loads.every((load, at) => load.acknowledged.length > (before[at] ?? 0) + 50),
    30_000,
  )
  return loads
}

async function stopped(loads: readonly Load[]): Promise<void> {
  await Promise.all(loads.map((load) => load.stop()))
}

function allHeld(nodes: readonly ContractNode[], loads: readonly Load[]) {
  return [...loads.flatMap((load) => load.acknowledged), ...nodes.flatMap((one) => heardBy(one, CHANNEL))]
}

async function another(
  sentinel: Awaited<ReturnType<typeof startSentinel>>,
  old: RedisServer,
): Promise<RedisServer> {
  return await waitFor(
    'another primary',
    async () => {
      const now = await sentinel.primary()
      return now === old ? undefined : now
    },
    20_000,
  )
}

test('after the kill of the primary service returns within seconds, without a silent loss', async () => {
  const { sentinel, a, b } = await setup()
  const loads = await underLoad(a, b, async () => await (await sentinel.primary()).kill())
  await stopped(loads)
  expect(await judge(b.cluster, CHANNEL, allHeld([a, b], loads))).toMatchObject({
    silent: [],
    reused: [],
  })
  for (const load of loads) expect(load.longestGap()).toBeLessThan(8000)
  await waitFor('the restore', () => a.heard.restored > 0 && b.heard.restored > 0)
  const { offset } = await a.cluster.broker.publish(CHANNEL, envelope('after'), KEPT)
  for (const one of [a, b])
    await waitFor('the publication', () => one.heard.offsets(CHANNEL).includes(offset))
})

test('no node writes to a stopped primary that resumes after the failover', async () => {
  const { sentinel, a, b } = await setup()
  const old = await sentinel.primary()
  const loads = await underLoad(a, b, async () => {
    old.freeze()
    await another(sentinel, old)
    old.thaw()
  })
  await pause(2000)
  await stopped(loads)
  const judgement = await judge(a.cluster, CHANNEL, allHeld([a, b], loads))
  expect(judgement).toMatchObject({ silent: [], reused: [] })
  // Writes during the stop: the Sentinel that leads the failover reports the new primary as soon as it names
  // it.
  expect(judgement.reported).toBeLessThan(20)
})

test('after a failover to a lagging replica lost positions are reported, and no offset is reused', async () => {
  const { sentinel, a, b } = await setup()
  const loads = [publishAlong(a.cluster, CHANNEL, 'a'), publishAlong(b.cluster, CHANNEL, 'b')]
  await waitFor('load', () => loads.every((load) => load.acknowledged.length > 50))
  const old = await sentinel.primary()
  await sentinel.severReplication()
  const kept = loads.map((load) => load.acknowledged.length)
  await waitFor('more load', () => loads.every((load, at) => load.acknowledged.length > (kept[at] ?? 0) + 50))
  await old.kill()
  await another(sentinel, old)
  const before = loads.map((load) => load.acknowledged.length)
  await waitFor(
    'both to publish again',
    () => loads.every((load, at) => load.acknowledged.length > (before[at] ?? 0) + 100),
    20_000,
  )
  await stopped(loads)
  const judgement = await judge(b.cluster, CHANNEL, allHeld([a, b], loads))
  expect(judgement).toMatchObject({ silent: [], reused: [] })
  expect(judgement.reported).toBeGreaterThan(100)
})

test('a replicated publication survives any failover, and is rejected without a replica', async () => {
  const { sentinel, a, b } = await setup()
  const replicated = { durability: 'replicated' as const }
  const loads = [
    publishAlong(a.cluster, CHANNEL, 'a', replicated),
    publishAlong(b.cluster, CHANNEL, 'b', replicated),
  ]
  await waitFor('load', () => loads.every((load) => load.acknowledged.length > 50))
  const old = await sentinel.primary()
  await sentinel.severReplication()
  await expect(a.cluster.broker.publish(CHANNEL, envelope('x'), { ...KEPT, ...replicated })).rejects.toThrow(
    /no replica/,
  )
  await pause(1500)
  await old.kill()
  await another(sentinel, old)
  const before = loads.map((load) => load.acknowledged.length)
  await waitFor(
    'both to publish again',
    () => loads.every((load, at) => load.acknowledged.length > (before[at] ?? 0) + 50),
    30_000,
  )
  await stopped(loads)
  const acknowledged = loads.flatMap((load) => load.acknowledged)
  expect(await judge(b.cluster, CHANNEL, acknowledged)).toEqual({
    silent: [],
    reported: 0,
    needless: 0,
    reused: [],
  })
})
