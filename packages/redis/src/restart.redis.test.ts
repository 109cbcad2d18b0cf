/** A Redis that restarts with all data, without its last second, as of its last snapshot, or without data. */
import { readdir, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { type RedisServer, startRedis, waitFor } from '@skein/testkit'
import { type ContractNode, enter, envelope } from '@skein/testkit/contracts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createRedisCluster } from './index.ts'
import { type Held, heardBy, judge, KEPT } from './testing/load.ts'

vi.setConfig({ testTimeout: 30_000 })

const CHANNEL = 'room:1'

async function setup(options: Parameters<typeof startRedis>[0]) {
  const redis = await startRedis(options)
  onTestFinished(() => redis.stop())
  const node = await enter('a', createRedisCluster({ url: redis.url, name: 'a' }))
  onTestFinished(() => node.cluster.close())
  await node.cluster.broker.subscribe(CHANNEL)
  return { redis, node }
}

/** Publishes `count` messages in order; returns the position of each. */
async function publish({ cluster }: ContractNode, name: string, count: number): Promise<Held[]> {
  const held: Held[] = []
  for (let at = 0; at < count; at++) {
    const text = envelope(`${name} ${at}`)
    const idempotencyKey = `${name} ${at}`
    const once = () => cluster.broker.publish(CHANNEL, text, { ...KEPT, idempotencyKey })
    const { epoch, offset } = await waitFor('a publish', once)
    held.push({ epoch, offset, envelope: text })
  }
  return held
}

async function restart(redis: RedisServer, node: ContractNode, between?: () => Promise<void>): Promise<void> {
  const restored = node.heard.restored
  await redis.kill()
  await between?.()
  await redis.start()
  await waitFor('the restore', () => node.heard.restored > restored)
}

/** Removes the end of the append-only file, as a power failure does. */
async function cutTail(redis: RedisServer, bytes: number): Promise<void> {
  const folder = join(redis.folder, 'appendonlydir')
  const name = (await readdir(folder)).find((file) => file.endsWith('.incr.aof'))
  const file = join(folder, name ?? '')
  await truncate(file, (await stat(file)).size - bytes)
}

test('after a restart with all data every position stays valid', async () => {
  // With `everysec` Redis puts a write off while the disk is busy, and acknowledges it all the same.
  const { redis, node } = await setup({ persistent: true, settings: ['--appendfsync', 'always'] })
  const before = await publish(node, 'before', 200)
  await restart(redis, node)
  const after = await publish(node, 'after', 50)
  expect(after[0]?.offset).toBe(201)
  const held = [...before, ...after, ...heardBy(node, CHANNEL)]
  expect(await judge(node.cluster, CHANNEL, held)).toEqual({
    silent: [],
    reported: 0,
    needless: 0,
    reused: [],
  })
})

test('after a restart without the end of the file lost positions are reported, others stay valid', async () => {
  const { redis, node } = await setup({ persistent: true })
  const before = await publish(node, 'before', 200)
  await restart(redis, node, () => cutTail(redis, 5000))
  const after = await publish(node, 'after', 300)
  const judgement = await judge(node.cluster, CHANNEL, [...before, ...after, ...heardBy(node, CHANNEL)])
  expect(judgement).toMatchObject({ silent: [], needless: 0, reused: [] })
  expect(judgement.reported).toBeGreaterThan(5)
  // Offsets were used again, in another epoch.
  expect(after[0]?.offset).toBeLessThan(200)
})

test('after a restart from the last snapshot lost positions are reported', async () => {
  const { redis, node } = await setup({})
  const before = await publish(node, 'before', 100)
  await redis.command('SAVE')
  const lost = await publish(node, 'lost', 100)
  await restart(redis, node)
  const after = await publish(node, 'after', 150)
  expect(after[0]?.offset).toBe(101)
  const held = [...before, ...lost, ...after]
  expect(await judge(node.cluster, CHANNEL, held)).toEqual({
    silent: [],
    reported: 100,
    needless: 0,
    reused: [],
  })
})

test('after a restart without data every position is reported as lost', async () => {
  const { redis, node } = await setup({})
  const before = await publish(node, 'before', 100)
  await restart(redis, node)
  const after = await publish(node, 'after', 150)
  expect(after[0]?.offset).toBe(1)
  const held = [...before, ...after]
  expect(await judge(node.cluster, CHANNEL, held)).toEqual({
    silent: [],
    reported: 100,
    needless: 0,
    reused: [],
  })
})

test('without a replica a replicated publish is rejected at once, with the reason', async () => {
  const { node } = await setup({})
  const start = performance.now()
  await expect(
    node.cluster.broker.publish(CHANNEL, envelope(1), { ...KEPT, durability: 'replicated' }),
  ).rejects.toThrow('no replica follows the Redis primary: durability "replicated" cannot be kept')
  expect(performance.now() - start).toBeLessThan(1000)
})
