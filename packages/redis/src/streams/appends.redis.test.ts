import { type Cluster, Unavailable } from '@skein/core'
import { type RedisServer, startRedis, waitFor } from '@skein/testkit'
import { type ContractNode, enter, envelope } from '@skein/testkit/contracts'
import { expect, onTestFinished, test } from 'vitest'
import { createRedisCluster } from '../index.ts'

const KEPT = { historySize: 100, historyTtl: 60, metaTtl: 120 }
const SHORT = { historySize: 2, historyTtl: 60, metaTtl: 120 }

async function world(): Promise<{ redis: RedisServer; node: ContractNode; cluster: Cluster }> {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const node = await enter('a', createRedisCluster({ url: redis.url, name: 'a' }))
  onTestFinished(() => node.cluster.close())
  return { redis, node, cluster: node.cluster }
}

/** `count`: a field of `commandstats`. */
async function scriptCalls(redis: RedisServer, count = 'calls'): Promise<number> {
  const stats = await redis.command('INFO', 'commandstats')
  const calls = (name: string) =>
    Number(new RegExp(`cmdstat_${name}:.*?\\b${count}=(\\d+)`).exec(stats)?.[1] ?? 0)
  return calls('eval') + calls('evalsha')
}

test('publications of one turn share scripts, in order', async () => {
  const { redis, node, cluster } = await world()
  const channels = ['room:a', 'room:b', 'room:c']
  for (const channel of channels) await cluster.broker.subscribe(channel)
  await cluster.broker.publish('room:a', envelope(0), KEPT)
  const before = await scriptCalls(redis)
  const results = await Promise.all(
    Array.from({ length: 30 }, (_, at) =>
      cluster.broker.publish(channels[at % 3] ?? '', envelope(at + 1), KEPT),
    ),
  )
  // The renewal of the lease is a script as well.
  expect((await scriptCalls(redis)) - before).toBeLessThan(5)
  const of = (channel: number) => results.filter((_, at) => at % 3 === channel).map(({ offset }) => offset)
  expect(of(0)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  expect(of(1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  await waitFor('the last', () => node.heard.offsets('room:c').length === 10)
  expect(node.heard.offsets('room:c')).toEqual(of(2))
  // Streams adopt the common epoch of channels without one.
  expect(new Set(results.map(({ epoch }) => epoch)).size).toBe(1)
})

test('namespaces keep their history settings within one turn', async () => {
  const { cluster } = await world()
  await Promise.all(
    [1, 2, 3, 4].flatMap((at) => [
      cluster.broker.publish('long:a', envelope(at), KEPT),
      cluster.broker.publish('short:a', envelope(at), SHORT),
    ]),
  )
  const kept = async (channel: string) =>
    (await cluster.broker.history(channel, { limit: -1, metaTtl: 120 })).publications.map(
      ({ offset }) => offset,
    )
  expect(await kept('long:a')).toEqual([1, 2, 3, 4])
  expect(await kept('short:a')).toEqual([3, 4])
})

test('a channel whose key is not a stream fails alone', async () => {
  const { redis, cluster } = await world()
  await cluster.broker.publish('room:bad', envelope(0), KEPT)
  await redis.command('SET', 'skein:{room:bad}:stream', 'something else')
  const results = await Promise.allSettled(
    ['room:a', 'room:bad', 'room:b', 'room:bad', 'room:a'].map((channel, at) =>
      cluster.broker.publish(channel, envelope(at), KEPT),
    ),
  )
  expect(results.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
  ])
  const refused = results[1]?.status === 'rejected' ? results[1].reason : undefined
  expect(refused).toBeInstanceOf(Unavailable)
  expect(String(refused)).toContain('Redis did not publish: WRONGTYPE')
  expect(results[4]).toMatchObject({ value: { offset: 2 } })
})

test('a former witness is read again, and nothing is published twice', async () => {
  const { redis, cluster } = await world()
  const [first] = await Promise.all(
    ['room:a', 'room:b'].map((channel) => cluster.broker.publish(channel, envelope(1), KEPT)),
  )
  const witness = (await redis.command('HGET', 'skein:{room:b}:meta', 'w')).split('\r\n')[1] ?? ''
  expect(witness).toHaveLength(16)
  // As if the channel had been on another server in between.
  await redis.command('HSET', 'skein:{room:b}:meta', 'w', 'another', 'b', `before:1:${witness} `)
  const results = await Promise.all(
    ['room:a', 'room:b', 'room:b', 'room:a'].map((channel, at) =>
      cluster.broker.publish(channel, envelope(at + 2), KEPT),
    ),
  )
  expect(results.map(({ offset }) => offset)).toEqual([2, 2, 3, 3])
  expect(results[0]?.epoch).toBe(first?.epoch)
  expect(results[1]?.epoch).not.toBe(first?.epoch)
  const { publications, before } = await cluster.broker.history('room:b', { limit: -1, metaTtl: 120 })
  expect(publications.map((one) => one.envelope)).toEqual([envelope(1), envelope(3), envelope(4)])
  expect(before?.at(-1)).toEqual({ epoch: first?.epoch, offset: 1 })
})

test('a channel without publish rights fails alone, and its written offset counts', async () => {
  const { redis, cluster } = await world()
  await redis.command('ACL', 'SETUSER', 'default', 'resetchannels', '&skein:@*', '&skein:{room:a}')
  const results = await Promise.allSettled(
    ['room:a', 'room:b', 'room:a'].map((channel, at) => cluster.broker.publish(channel, envelope(at), KEPT)),
  )
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  const refused = results[1]?.status === 'rejected' ? results[1].reason : undefined
  expect(refused).toBeInstanceOf(Unavailable)
  expect(String(refused)).toMatch(/Redis did not publish: .*channel/)
  await redis.command('ACL', 'SETUSER', 'default', 'allchannels')
  // An entry whose offset is not counted would block all later ones.
  const [a, b] = await Promise.all(
    ['room:a', 'room:b'].map((channel) => cluster.broker.publish(channel, envelope(9), KEPT)),
  )
  const last = async (channel: string) =>
    (await cluster.broker.history(channel, { limit: -1, metaTtl: 120 })).publications.at(-1)
  expect(await last('room:a')).toEqual({ offset: a?.offset, envelope: envelope(9) })
  expect(await last('room:b')).toEqual({ offset: b?.offset, envelope: envelope(9) })
})

test('an error of all publications is the error of the script', async () => {
  const { redis, cluster } = await world()
  await cluster.broker.publish('room:a', envelope(0), KEPT)
  await redis.command('ACL', 'SETUSER', 'default', '-xadd')
  const before = await scriptCalls(redis, 'failed_calls')
  const results = await Promise.allSettled(
    ['room:a', 'room:b', 'room:a'].map((channel, at) => cluster.broker.publish(channel, envelope(at), KEPT)),
  )
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect((await scriptCalls(redis, 'failed_calls')) - before).toBe(1)
})
