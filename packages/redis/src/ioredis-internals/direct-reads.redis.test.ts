import { startRedis, waitFor } from '@skein/testkit'
import { expect, onTestFinished, test, vi } from 'vitest'
import { settle } from '../options.ts'
import { reconnect } from '../server/connect.ts'
import { Link } from '../server/link.ts'

/** How often the stream is asked, for what it has queued or to get more, while Redis answers so many times. */
async function readsOf({ client, ready }: Link, answers: number): Promise<number> {
  await ready.wait('answer')
  const read = vi.spyOn(client.stream, 'read')
  for (let at = 0; at < answers; at++) await client.ping()
  return read.mock.calls.length
}

test('what Redis sends is neither queued nor asked for, also after a reconnect', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const link = new Link(settle({ url: redis.url, name: 'node' }), 'commands')
  onTestFinished(() => link.ready.close())
  expect(await readsOf(link, 10)).toBe(0)
  const before = link.client.stream
  reconnect(link.client)
  await waitFor('another connection', () => link.client.stream !== before && link.ready.up)
  expect(await readsOf(link, 10)).toBe(0)
  expect(link.client.stream.listenerCount('data')).toBe(1)
})
