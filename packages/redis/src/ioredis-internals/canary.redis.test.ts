/** Fails when a part of ioredis changes on which this folder depends. */
import { Socket } from 'node:net'
import { type RedisServer, startRedis, startRedisCluster, waitFor } from '@skein/testkit'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { prefixAsking } from './asking.ts'
import { boundReplies } from './deadlines.ts'
import { closeNow, isSearching, peerOf, socketOf } from './stream.ts'

async function connected(): Promise<{ server: RedisServer; redis: Redis }> {
  const server = await startRedis()
  const redis = new Redis(server.url, { disconnectTimeout: 60_000, retryStrategy: () => 1 })
  onTestFinished(async () => {
    redis.disconnect()
    redis.stream.destroy()
    await server.stop()
  })
  await waitFor('the connection', () => redis.status === 'ready')
  return { server, redis }
}

test('stream is the socket to the server', async () => {
  const { server, redis } = await connected()
  expect(redis.stream).toBeInstanceOf(Socket)
  expect(peerOf(redis)).toEqual({ host: '127.0.0.1', port: server.port })
  expect(isSearching(redis)).toBe(false)
})

test('closeNow replaces the socket of a server that does not reply', async () => {
  const { server, redis } = await connected()
  const socket = socketOf(redis)
  server.freeze()
  closeNow(redis, true)
  await waitFor('the close', () => redis.status !== 'ready')
  server.thaw()
  await waitFor('another connection', () => redis.status === 'ready')
  expect(socketOf(redis)).not.toBe(socket)
})

test('without an answer of a Sentinel, the connection is searching', () => {
  const redis = new Redis({ sentinels: [{ host: '127.0.0.1', port: 1 }], name: 'main' })
  redis.on('error', () => undefined)
  onTestFinished(() => redis.disconnect())
  expect(redis.status).toBe('connecting')
  expect(isSearching(redis)).toBe(true)
})

test('prefixAsking sends ASKING before each command, also of a pipeline', async () => {
  const { server, redis } = await connected()
  await server.command('CONFIG', 'RESETSTAT')
  prefixAsking(redis)
  await redis.set('a', '1')
  await redis.evalsha('0'.repeat(40), 0).catch(() => undefined)
  await redis.pipeline().get('a').get('b').exec()
  expect(await server.command('INFO', 'commandstats')).toMatch(/cmdstat_asking:calls=4\b/)
})

test('boundReplies ends the wait for each reply, also of a pipeline', async () => {
  const { server, redis } = await connected()
  redis.on('error', () => undefined)
  boundReplies(redis, 100)
  server.freeze()
  const timedOut = new Error('Command timed out')
  await expect(redis.get('a')).rejects.toEqual(timedOut)
  expect(await redis.pipeline().get('a').get('b').exec()).toEqual([[timedOut], [timedOut]])
  await waitFor('the close', () => redis.status !== 'ready')
  server.thaw()
  await waitFor('another connection', () => redis.status === 'ready')
  expect(await redis.get('a')).toBe(null)
})

test('a redirected SSUBSCRIBE emits "moved"', async () => {
  const cluster = await startRedisCluster()
  onTestFinished(() => cluster.stop())
  const owner = await cluster.primaryOf('a')
  const other = cluster.servers.find((server) => server !== owner)
  const redis = new Redis(other?.url ?? '')
  onTestFinished(() => redis.disconnect())
  const moved = new Promise((resolve) => redis.once('moved', resolve))
  await expect(redis.ssubscribe('a')).rejects.toThrow('MOVED')
  await moved
})
