/** The contract of the chat storage on real servers of every kind. */
import { storageContract } from '@skein/chat/testing'
import { pause, startRedis, startRedisCluster, startSentinel } from '@skein/testkit'
import { afterAll, beforeAll, describe } from 'vitest'
import { createRedisChatStorage } from './storage.ts'

/** Servers of one kind. */
interface RedisSetup {
  readonly url: string
  stop(): Promise<void>
}

/** Starts the servers once for all tests; each test has its own prefix. */
function contractOn(name: string, start: () => Promise<RedisSetup>): void {
  describe(name, () => {
    let setup: RedisSetup
    let worlds = 0
    beforeAll(async () => {
      setup = await start()
    })
    afterAll(() => setup.stop())

    storageContract(name, async () => {
      const { url } = setup
      const prefix = `w${++worlds}`
      const one = createRedisChatStorage({ url, prefix, name: 'one' })
      const other = createRedisChatStorage({ url, prefix, name: 'other' })
      return {
        one,
        other,
        elapse: pause,
        stop: async () => {
          await Promise.all([one.close(), other.close()])
        },
      }
    })
  })
}

contractOn('Redis', startRedis)
contractOn('Sentinel', () => startSentinel({ replicas: 1 }))
contractOn('Redis Cluster', startRedisCluster)
