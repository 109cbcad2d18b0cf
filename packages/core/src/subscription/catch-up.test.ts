import { expect, test } from 'vitest'
import { connected, type TestClient } from '../testing/client.ts'
import { CHANNELS, startNodes, type TestNodes } from '../testing/nodes.ts'

const DATA = JSON.stringify('x'.repeat(3000))
const COUNT = 400

/** A node with a history larger than an outbox, and a client whose socket takes `rate` bytes each ms. */
async function slowly(
  rate: number,
  bufferedPublications = 10_000,
): Promise<TestNodes & { client: TestClient }> {
  const nodes = await startNodes({
    channels: {
      ...CHANNELS,
      namespaces: {
        ...CHANNELS.namespaces,
        room: { historySize: 5000, historyTtl: 60, recovery: true, subscribe: 'anyone' },
      },
    },
    limits: { outboxBytes: 131_072, bufferedPublications, pingInterval: 0, slowTimeout: 5000 },
  })
  for (let n = 0; n < COUNT; n++) await nodes.node.publish('room:a', { data: DATA })
  const client = await connected(nodes.node, 'ann')
  const { socket } = client
  const read = socket.onFrame
  socket.onFrame = (frame) => {
    socket.bufferedAmount += frame.payload.length
    read?.(frame)
  }
  const drain = (): void => {
    const full = socket.bufferedAmount > 0
    socket.bufferedAmount = Math.max(0, socket.bufferedAmount - rate)
    if (full && socket.bufferedAmount === 0) client.handle.onDrain()
    nodes.clock.setTimeout(drain, 1)
  }
  drain()
  return { ...nodes, client }
}

function offsets(client: TestClient, first: readonly { readonly offset: number }[] = []): number[] {
  const pushed = client.pushes.flatMap((push) => (push.kind === 'pub' ? [push.offset] : []))
  return [...first.map(({ offset }) => offset), ...pushed]
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1)

test('a recovery larger than an outbox arrives whole at the pace of the socket, before new publications', async () => {
  const { node, client, clock } = await slowly(4000)
  const pending = client.call('subscribe', { channel: 'room:a', recover: true, offset: 0 })
  await clock.advance(50)
  const { recovered, publications } = await pending
  for (let n = 0; n < 10; n++) await node.publish('room:a', { data: '1' })
  expect(offsets(client, publications).length).toBeLessThan(COUNT)
  await clock.advance(1500)
  expect(client.socket.closed).toBeUndefined()
  expect(recovered).toBe(true)
  expect(offsets(client, publications)).toEqual(upTo(COUNT + 10))
})

test('if the buffer overflows meanwhile, the client is notified, with no publication skipped before that', async () => {
  const { node, client, clock } = await slowly(1000, 16)
  const pending = client.call('subscribe', { channel: 'room:a', recover: true, offset: 0 })
  await clock.advance(50)
  const { publications } = await pending
  for (let n = 0; n < 20; n++) {
    await node.publish('room:a', { data: '1' })
    await clock.advance(1)
  }
  await clock.advance(5000)
  const got = offsets(client, publications)
  expect(got).toEqual(upTo(got.length))
  expect(got.length).toBeLessThan(COUNT + 20)
  expect(client.pushes.at(-1)).toMatchObject({ kind: 'unsubscribe', code: 2500 })
})
