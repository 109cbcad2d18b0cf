import { waitFor } from '@skein/testkit'
import { info } from '@skein/testkit/contracts'
import { test } from 'vitest'
import { enterNode, startServer } from '../testing/servers.ts'

test('the channel index contains the channels with entries while connections come and go', async () => {
  const redis = await startServer()
  const a = await enterNode(redis.url, 'a')
  const { presence, membership } = a.cluster
  const channels = Array.from({ length: 20 }, (_, at) => `room:${at}`)
  const churn = async (channel: string): Promise<void> => {
    for (const client of ['1', '2', '3']) {
      const gone = presence.remove(channel, info('alice', 'before'), false)
      await Promise.all([presence.add(channel, info('alice', client), false), gone])
      await presence.remove(channel, info('alice', client), false)
    }
  }
  await Promise.all(channels.map(churn))
  await presence.add('room:3', info('alice', 'stays'), false)
  const members = () => redis.command('SMEMBERS', `skein:@{${membership.uid}}:channels`)
  await waitFor('the index', async () => (await members()).startsWith('*1\r\n$6\r\nroom:3\r\n'))
})
