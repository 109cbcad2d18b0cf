import { startRedis } from '@skein/testkit'
import { enter, envelope } from '@skein/testkit/contracts'
import { expect, onTestFinished, test } from 'vitest'
import { createRedisCluster } from './index.ts'

const KEPT = { historySize: 100, historyTtl: 60, metaTtl: 120 }

test('after a script flush the source is sent again, and nothing is published twice', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const { cluster } = await enter('a', createRedisCluster({ url: redis.url, name: 'a' }))
  onTestFinished(() => cluster.close())
  const publish = (n: number) => cluster.broker.publish('room:a', envelope(n), KEPT)
  await publish(1)
  await redis.command('SCRIPT', 'FLUSH', 'SYNC')
  const results = await Promise.all([2, 3, 4].map(publish))
  expect(results.map(({ offset }) => offset)).toEqual([2, 3, 4])
  const { publications } = await cluster.broker.history('room:a', { limit: -1, metaTtl: 120 })
  expect(publications.map((one) => one.envelope)).toEqual([1, 2, 3, 4].map(envelope))
})
