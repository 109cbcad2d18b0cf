import { TestClock } from '@skein/core/testing'
import { storageContract } from '../testing/storage-contract.ts'
import { createMemoryChatStorage } from './index.ts'

storageContract('memory', async () => {
  const clock = new TestClock()
  const storage = createMemoryChatStorage(() => clock.now())
  return { one: storage, other: storage, elapse: (ms) => clock.advance(ms), stop: () => storage.close() }
})
