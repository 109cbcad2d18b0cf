/** The contracts of the ports on a primary that Sentinels name. */
import { startSentinel } from '@skein/testkit'
import { portContracts } from '@skein/testkit/contracts'
import { redisWorld } from '../testing/index.ts'

portContracts('sentinel', async () => {
  const setup = await startSentinel({ replicas: 1 })
  return redisWorld({ ...setup, primaries: async () => [await setup.primary()] })
})
