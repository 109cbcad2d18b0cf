import { redisCommand, startRedis, waitFor } from '@skein/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { SentinelWatch } from './sentinel-watch.ts'
import { resolveSettings } from './settings.ts'

/** Any server with Pub/Sub can publish the messages of a Sentinel. */
async function setup() {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const settings = resolveSettings({ url: `redis+sentinel://127.0.0.1:${redis.port}/main`, name: 'node' })
  const notified: string[] = []
  const watch = new SentinelWatch(settings, ({ host, port }) => notified.push(`${host} ${port}`))
  onTestFinished(() => watch.close())
  for (const channel of ['+promoted-slave', '+switch-master'])
    await waitFor(channel, async () =>
      (await redisCommand(redis.port, ['PUBSUB', 'NUMSUB', channel])).includes(':1'),
    )
  const publish = (channel: string, message: string) =>
    redisCommand(redis.port, ['PUBLISH', channel, message])
  return { settings, notified, publish }
}

const OLD = { host: '10.0.0.1', port: 6379 }

test.each([
  ['+promoted-slave', 'slave 10.0.0.2:6380 10.0.0.2 6380 @ main 10.0.0.1 6379'],
  ['+switch-master', 'main 10.0.0.1 6379 10.0.0.2 6380'],
])('%s names the new and the former primary', async (channel, message) => {
  const { settings, notified, publish } = await setup()
  settings.formerPrimaries.refuse(OLD)
  await publish(channel, message)
  await waitFor('the notification', () => notified.length > 0)
  expect(notified).toEqual(['10.0.0.2 6380'])
  expect(() => settings.formerPrimaries.refuse(OLD)).toThrow(/was the primary/)
})

test('failovers of other primaries are ignored', async () => {
  const { notified, publish } = await setup()
  await publish('+promoted-slave', 'slave 10.0.0.4:6380 10.0.0.4 6380 @ other 10.0.0.3 6379')
  await publish('+switch-master', 'other 10.0.0.3 6379 10.0.0.4 6380')
  await publish('+switch-master', 'main 10.0.0.1 6379 10.0.0.2 6380')
  await waitFor('the notification', () => notified.length > 0)
  expect(notified).toEqual(['10.0.0.2 6380'])
})
