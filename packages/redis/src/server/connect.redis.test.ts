import { startRedis, waitFor } from '@skein/testkit'
import { expect, onTestFinished, test } from 'vitest'
import type { RedisClusterOptions } from '../index.ts'
import { connect } from './connect.ts'
import { resolveSettings } from './settings.ts'

const COMMAND_MS = 200

/** Blocks the event loop, as a long computation or a lack of CPU does. */
function stall(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

/** A connection to a Redis of its own, and its reported errors. */
async function connected() {
  const redis = await startRedis()
  const reported: string[] = []
  const onError: RedisClusterOptions['onError'] = ({ message }) => void reported.push(message)
  const client = connect(
    resolveSettings({ url: redis.url, name: 'a', timing: { command: COMMAND_MS }, onError }),
    'commands',
  )
  onTestFinished(async () => {
    client.disconnect()
    redis.thaw()
    await redis.stop()
  })
  await waitFor('the connection', () => client.status === 'ready')
  return { redis, client, reported }
}

test('a reply that arrived during a stall of the process counts', async () => {
  const { client, reported } = await connected()
  let closes = 0
  client.on('close', () => {
    closes += 1
  })
  for (let round = 0; round < 3; round++) {
    const reply = client.ping()
    stall(3 * COMMAND_MS)
    expect(await reply).toBe('PONG')
  }
  expect([closes, reported]).toEqual([0, []])
})

test('a connection without replies is closed, and replaced once Redis replies', async () => {
  const { redis, client, reported } = await connected()
  redis.freeze()
  const closed = new Promise((resolve) => client.once('close', resolve))
  await expect(client.ping()).rejects.toThrow('Command timed out')
  await closed
  expect(reported.join()).toContain('Socket timeout')
  redis.thaw()
  await waitFor('another connection', () => client.status === 'ready')
  expect(await client.ping()).toBe('PONG')
})
