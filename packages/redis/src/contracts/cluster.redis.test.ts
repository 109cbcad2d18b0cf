/** The contracts of the ports on a Redis Cluster. */
import { startRedisCluster } from '@skein/testkit'
import { portContracts } from '@skein/testkit/contracts'
import { redisWorld } from '../testing/index.ts'

portContracts('redis cluster', async () => {
  const setup = await startRedisCluster()
  return redisWorld({ ...setup, primaries: () => setup.primaries() })
})
