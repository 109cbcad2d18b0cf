/** The contract of chat's storage on a real Redis, and what only Redis can get wrong. */
import { storageContract } from '@skein/chat/testing'
import { pause, startRedis } from '@skein/testkit'
import { createRedisChatStorage } from './storage.ts'

storageContract('Redis', async () => {
  const redis = await startRedis()
  const one = createRedisChatStorage({ url: redis.url, name: 'one' })
  const other = createRedisChatStorage({ url: redis.url, name: 'other' })
  return {
    one,
    other,
    elapse: pause,
    stop: async () => {
      await Promise.all([one.close(), other.close()])
      await redis.stop()
    },
  }
})
