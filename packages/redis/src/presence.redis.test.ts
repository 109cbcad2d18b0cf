import { startRedis } from '@skein/testkit'
import { enter, info } from '@skein/testkit/contracts'
import { expect, onTestFinished, test } from 'vitest'
import { createRedisCluster } from './index.ts'

test('who came to a node of which this one hears while it reads is counted, and listed', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const make = (name: string) => enter(name, createRedisCluster({ url: redis.url, name }))
  const reader = await make('reader')
  onTestFinished(() => reader.cluster.close())
  const { membership, presence } = reader.cluster
  for (const read of [() => presence.stats('room:a'), () => presence.list('room:a')]) {
    const name = `newcomer ${read}`
    const newcomer = await make(name)
    onTestFinished(() => newcomer.cluster.close())
    await newcomer.cluster.presence.add('room:a', info('u', name), false)
    // Both are asked in one turn, so the answer that names the newcomer comes between the question about the channel and its answer.
    const [, answer] = await Promise.all([membership.nodes(), read()])
    expect(answer).toEqual(
      Array.isArray(answer) ? expect.arrayContaining([info('u', name)]) : { clients: 1, users: 1 },
    )
  }
})
