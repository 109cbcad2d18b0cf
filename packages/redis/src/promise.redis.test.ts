/**
 * docs/design/reliability.md, promise 5, at default timing: correct presence 5 s after kill -9, no remains
 * after 10 s.
 */
import { startRedis, waitFor } from '@skein/testkit'
import { enter, info } from '@skein/testkit/contracts'
import { expect, onTestFinished, test } from 'vitest'
import { createRedisCluster } from './index.ts'

const CHANNELS = 500

test('a dead node with 20,000 connections in 500 channels is reaped within 10 s', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const make = (name: string) => enter(name, createRedisCluster({ url: redis.url, name }))
  const [reader, survivor, dead] = await Promise.all([make('reader'), make('survivor'), make('dead')])
  onTestFinished(() => reader.cluster.close())
  onTestFinished(() => survivor.cluster.close())
  const connect = async (at: number): Promise<void> => {
    const who = info(`user ${at}`, `${at}`)
    await dead.cluster.sessions.add({ ...who, connectedAt: 1 })
    await dead.cluster.presence.add(`room:${at % CHANNELS}`, who, true)
  }
  for (let batch = 0; batch < 20; batch++) {
    await Promise.all(Array.from({ length: 1000 }, (_, at) => connect(batch * 1000 + at)))
  }
  const stats = () => reader.cluster.presence.stats('room:7')
  expect(await stats()).toEqual({ clients: 40, users: 40 })
  for (let at = 0; at < CHANNELS; at++) await reader.cluster.broker.subscribe(`room:${at}`)

  await dead.cluster.close()
  const start = performance.now()
  await waitFor('correct presence', async () => (await stats()).clients === 0, 5000)
  await waitFor('all leaves', () => reader.heard.leaves.length === 20_000, 10_000)
  await waitFor('the last key', async () => (await redis.command('KEYS', '*room*')).startsWith('*0'), 10_000)
  await waitFor('the last session', async () => (await redis.command('KEYS', '*session*')).startsWith('*0'))
  expect(performance.now() - start).toBeLessThan(10_000)
  expect(new Set(reader.heard.leaves.map((leave) => leave.info.client)).size).toBe(20_000)
})
