import { waitFor } from '@skein/testkit'
import { expect, test } from 'vitest'
import { enterNode, startServer } from '../testing/servers.ts'

test('readers find the entries of a reaped incarnation, and the reaper removes them', async () => {
  const redis = await startServer()
  const a = await enterNode(redis.url, 'a')
  const key = 'skein:{room:1}'
  await redis.command('HSET', `${key}:who:stray`, 'x', '1"zoe"\n{"user":"zoe","client":"x"}')
  await redis.command('SADD', `${key}:who`, 'stray')
  await redis.command('HINCRBY', `${key}:users`, '"zoe"', '1')
  await redis.command('SADD', 'skein:@{stray}:channels', 'room:1')
  await a.cluster.broker.subscribe('room:1')
  expect(await a.cluster.presence.list('room:1')).toEqual([])
  expect(await a.cluster.presence.stats('room:1')).toEqual({ clients: 0, users: 0 })
  await waitFor('the leave', () => a.heard.users('leaves', 'room:1').includes('zoe'))
  await waitFor('the keys to be gone', async () => (await redis.command('KEYS', '*stray*')).startsWith('*0'))
})
