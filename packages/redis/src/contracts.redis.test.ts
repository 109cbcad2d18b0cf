/** The ports' contracts on private servers of every kind. */
import { startRedis, startRedisCluster, startSentinel } from '@skein/testkit'
import { portContracts } from '@skein/testkit/contracts'
import { type Place, redisWorld } from './testing/index.ts'

async function one(): Promise<Place> {
  const redis = await startRedis()
  return { url: redis.url, primaries: async () => [redis], stop: () => redis.stop() }
}

async function sentinel(): Promise<Place> {
  const setup = await startSentinel({ replicas: 1 })
  return { ...setup, primaries: async () => [await setup.primary()] }
}

async function cluster(): Promise<Place> {
  const setup = await startRedisCluster()
  return { ...setup, primaries: () => setup.primaries() }
}

portContracts('redis', async () => redisWorld(await one()))
portContracts('sentinel', async () => redisWorld(await sentinel()))
portContracts('redis cluster', async () => redisWorld(await cluster()))
