/** The ports' contracts on one server. Each kind of place has a file of its own, so that they run side by side. */
import { startRedis } from '@skein/testkit'
import { portContracts } from '@skein/testkit/contracts'
import { redisWorld } from '../testing/index.ts'

portContracts('redis', async () => {
  const redis = await startRedis()
  return redisWorld({ url: redis.url, primaries: async () => [redis], stop: () => redis.stop() })
})
