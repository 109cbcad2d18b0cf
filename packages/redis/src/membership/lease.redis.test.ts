import { info } from '@skein/testkit/contracts'
import { expect, test } from 'vitest'
import { createCluster, SHORT_TIMING, startServer } from '../testing/servers.ts'

/** Blocks the event loop, as a long computation or a lack of CPU does. */
function stall(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

test('a node keeps its lease if the process stalls after each renewal for longer than a command', async () => {
  const redis = await startServer()
  const errors: string[] = []
  const { membership, presence } = createCluster(redis.url, {
    onError: ({ message }) => errors.push(message),
  })
  let lost = 0
  let stalls = 0
  const stalled = Promise.withResolvers<void>()
  const describe = () => {
    // The renewal is sent in this call; its reply arrives during the stall.
    process.nextTick(() => {
      if (stalls++ < 4) stall(SHORT_TIMING.command + 200)
      else stalled.resolve()
    })
    return {
      uid: membership.uid,
      name: 'a',
      version: '0',
      numClients: 0,
      numUsers: 0,
      numChannels: 0,
      numSubs: 0,
      uptime: 0,
    }
  }
  await membership.join(describe, () => {
    lost += 1
  })
  await stalled.promise
  await presence.add('room:1', info('alice', '1'), true)
  expect(await presence.list('room:1')).toEqual([info('alice', '1')])
  expect([lost, errors]).toEqual([0, []])
})
