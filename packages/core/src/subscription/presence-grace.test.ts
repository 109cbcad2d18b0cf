/** Grace periods: which leaves wait, and the presence meanwhile. */
import { expect, test } from 'vitest'
import type { ChannelsConfig } from '../namespaces/namespaces.ts'
import { connected, type TestClient } from '../testing/client.ts'
import type { TestClock } from '../testing/clock.ts'
import { startNodes } from '../testing/nodes.ts'

const CHANNEL = 'room:a'

function channels(more: object = {}): ChannelsConfig {
  const room = { presence: true, joinLeave: true, subscribe: 'anyone' as const, leaveGrace: 5, ...more }
  return { namespaces: { room } }
}

function announced(watcher: TestClient): string[] {
  return watcher.pushes.flatMap((push) =>
    (push.kind === 'join' || push.kind === 'leave') && push.info.user === 'ann' ? [push.kind] : [],
  )
}

async function setup(more: object = {}) {
  const { node, other, clock } = await startNodes({ channels: channels(more) })
  const watcher = await connected(node, 'watcher')
  await watcher.call('subscribe', { channel: CHANNEL, joinLeave: true })
  const ann = await connected(other, 'ann')
  await ann.call('subscribe', { channel: CHANNEL })
  await clock.advance(50)
  return { node, clock, watcher, ann }
}

type End = (ann: TestClient, clock: TestClock) => Promise<unknown>

const AT_ONCE: [string, End][] = [
  ['unsubscribes', (ann) => ann.call('unsubscribe', { channel: CHANNEL })],
  ['disconnects, with a code', async (ann) => ann.handle.onClosed(1000, '')],
  ['disconnects, without a code', async (ann) => ann.handle.onClosed(1005, '')],
]

test.each(AT_ONCE)('a client that %s leaves at once', async (_name, end) => {
  const { clock, watcher, ann } = await setup()
  await end(ann, clock)
  await clock.advance(50)
  expect(announced(watcher)).toEqual(['join', 'leave'])
})

test('a client that may not reconnect leaves at once', async () => {
  const { node, clock, watcher } = await setup()
  await node.disconnect({ user: 'ann' })
  await clock.advance(50)
  expect(announced(watcher)).toEqual(['join', 'leave'])
})

const LOST: [string, End][] = [
  ['is cut off', async (ann) => ann.cut()],
  ['closes the page', async (ann) => ann.handle.onClosed(1001, '')],
]

test.each(LOST)('a client that %s leaves after the grace period', async (_name, end) => {
  const { clock, watcher, ann } = await setup()
  await end(ann, clock)
  await clock.advance(4900)
  expect(announced(watcher)).toEqual(['join'])
  await clock.advance(200)
  expect(announced(watcher)).toEqual(['join', 'leave'])
})

test('a client that returns within the grace period causes neither leave nor join', async () => {
  const { node, clock, watcher, ann } = await setup()
  ann.cut()
  await clock.advance(3000)
  const again = await connected(node, 'ann')
  await again.call('subscribe', { channel: CHANNEL })
  await clock.advance(10_000)
  expect(announced(watcher)).toEqual(['join'])
  expect(await node.presenceStats(CHANNEL)).toEqual({ clients: 2, users: 2 })
})

test('leaveGrace 0: a leave at once', async () => {
  const { clock, watcher, ann } = await setup({ leaveGrace: 0 })
  ann.cut()
  await clock.advance(50)
  expect(announced(watcher)).toEqual(['join', 'leave'])
})

test('presence lists suspected users, with their last info, only if the namespace asks for it', async () => {
  const silent = await setup()
  silent.ann.cut()
  await silent.clock.advance(50)
  expect(await silent.node.presence(CHANNEL)).toHaveLength(1)

  const { node, clock, watcher, ann } = await setup({ suspected: true })
  ann.cut()
  await clock.advance(50)
  const { presence = {} } = await watcher.call('presence', { channel: CHANNEL })
  const entries = Object.values(presence).filter(({ user }) => user === 'ann')
  expect(entries).toMatchObject([{ chanInfo: '{"state":"suspected"}' }])
  expect(await watcher.call('presence_stats', { channel: CHANNEL })).toMatchObject({
    numClients: 2,
    numUsers: 2,
  })
  expect(await node.presence(CHANNEL)).toHaveLength(2)
  await clock.advance(5000)
  expect(await node.presence(CHANNEL)).toHaveLength(1)
})
