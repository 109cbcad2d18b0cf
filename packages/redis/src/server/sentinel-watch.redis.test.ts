import { redisCommand, startRedis, waitFor } from '@skein/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { SentinelWatch } from './sentinel-watch.ts'
import { resolveSettings } from './settings.ts'

/** Any server that speaks Pub/Sub can tell what a Sentinel tells. */
async function setup() {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const settings = resolveSettings({ url: `redis+sentinel://127.0.0.1:${redis.port}/main`, name: 'node' })
  const heard: string[] = []
  const watch = new SentinelWatch(settings, ({ host, port }) => heard.push(`${host} ${port}`))
  onTestFinished(() => watch.close())
  for (const channel of ['+promoted-slave', '+switch-master'])
    await waitFor(channel, async () =>
      (await redisCommand(redis.port, ['PUBSUB', 'NUMSUB', channel])).includes(':1'),
    )
  const tell = (channel: string, message: string) => redisCommand(redis.port, ['PUBLISH', channel, message])
  return { settings, heard, tell }
}

const OLD = { host: '10.0.0.1', port: 6379 }

test.each([
  ['+promoted-slave', 'slave 10.0.0.2:6380 10.0.0.2 6380 @ main 10.0.0.1 6379'],
  ['+switch-master', 'main 10.0.0.1 6379 10.0.0.2 6380'],
])('%s names the new primary, and the one that is left', async (channel, message) => {
  const { settings, heard, tell } = await setup()
  settings.formerPrimaries.refuse(OLD)
  await tell(channel, message)
  await waitFor('the news', () => heard.length > 0)
  expect(heard).toEqual(['10.0.0.2 6380'])
  expect(() => settings.formerPrimaries.refuse(OLD)).toThrow(/was the primary/)
})

test('what befalls other primaries is ignored', async () => {
  const { heard, tell } = await setup()
  await tell('+promoted-slave', 'slave 10.0.0.4:6380 10.0.0.4 6380 @ other 10.0.0.3 6379')
  await tell('+switch-master', 'other 10.0.0.3 6379 10.0.0.4 6380')
  await tell('+switch-master', 'main 10.0.0.1 6379 10.0.0.2 6380')
  await waitFor('the news', () => heard.length > 0)
  expect(heard).toEqual(['10.0.0.2 6380'])
})
