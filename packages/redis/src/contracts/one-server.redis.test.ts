/**
 * The contracts of the ports on one server. Each kind of server has a file, so that the files run in
 * parallel.
 */
import { startRedis } from '@skein/testkit'
import { portContracts } from '@skein/testkit/contracts'
import { redisWorld } from '../testing/index.ts'

portContracts('redis', async () => {
  const redis = await startRedis()
  return redisWorld({ url: redis.url, primaries: async () => [redis], stop: () => redis.stop() })
})
