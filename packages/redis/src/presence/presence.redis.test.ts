import type { Presence } from '@skein/core'
import { startRedis } from '@skein/testkit'
import { enter, info } from '@skein/testkit/contracts'
import { expect, onTestFinished, test } from 'vitest'
import { createRedisCluster } from '../index.ts'

test.each([
  { is: 'counted', read: (from: Presence) => from.stats('room:a'), answer: { clients: 1, users: 1 } },
  { is: 'listed', read: (from: Presence) => from.list('room:a'), answer: [info('u', 'c')] },
])('a client of a node that joins during the read is $is', async ({ read, answer }) => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const make = (name: string) => enter(name, createRedisCluster({ url: redis.url, name }))
  const reader = await make('reader')
  onTestFinished(() => reader.cluster.close())
  const newcomer = await make('newcomer')
  onTestFinished(() => newcomer.cluster.close())
  await newcomer.cluster.presence.add('room:a', info('u', 'c'), false)
  const { membership, presence } = reader.cluster
  // Both commands leave in one turn: the reply with the new member comes between the read of the channel and
  // its reply.
  const [, found] = await Promise.all([membership.nodes(), read(presence)])
  expect(found).toEqual(answer)
})
